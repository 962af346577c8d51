// The list of the index's parts, asked for before the engine is there; the host says whether a
// list of before still holds.
window.sanshenIndex = fetch(new URL("../search/index.json", document.currentScript.src), { cache: "no-cache" });
window.sanshenIndex.catch(() => {}); // the engine asks again
