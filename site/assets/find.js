// Answers below the search box of every page while one types. The engine and the index are asked for
// when the box is first used, and the list leaves the page with the focus. Without script, and on
// Enter, the box leads to the search page.
(() => {
  "use strict";
  // A page that is not there offers the words of its address.
  function wordsOf(path) {
    try {
      const name = decodeURIComponent(path).split("/").filter(Boolean).at(-1) ?? "";
      return name.replace(/^\d{4}-\d\d-\d\d-|\.\w+$/g, "").replace(/[-_+]+/g, " ").slice(0, 60);
    } catch {
      return ""; // no address that a page of this site could have
    }
  }
  const lost = document.querySelector("[data-sanshen-lost]");
  if (lost && !location.pathname.endsWith("/404.html")) lost.value = wordsOf(location.pathname);

  const form = document.querySelector(".sn-find");
  const box = form?.elements.namedItem("q");
  const root = new URL("../", document.currentScript.src);
  if (!box) return;
  const SHOWN = 6;
  const PAUSE = 200; // milliseconds without typing before a search
  const LIST = "sn-find-list";
  let [turn, timer, engine, panel] = [0, 0, null, null];

  async function load() {
    await import(new URL("assets/search.js", root).href);
    return window.sanshenSearch;
  }

  function element(name, className, ...children) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...children);
    return made;
  }

  const options = () => [...(panel?.querySelectorAll("[role=option]") ?? [])];

  function choose(option) {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function open() {
    if (panel) return;
    const status = element("p", "sn-find__status");
    const list = element("ul", "sn-find__list");
    Object.assign(list, { id: LIST, role: "listbox", ariaLabel: "检索建议" });
    status.role = "status";
    panel = element("div", "sn-find__panel", list, status);
    panel.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays
    panel.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
    form.append(panel);
    box.setAttribute("aria-controls", LIST);
  }

  function close() {
    turn += 1;
    clearTimeout(timer);
    panel?.remove();
    panel = null;
    for (const name of ["aria-activedescendant", "aria-controls"]) box.removeAttribute(name);
    box.setAttribute("aria-expanded", "false");
  }

  function go(option) {
    if (option?.dataset.url) location.assign(option.dataset.url);
  }

  function option(url, at, ...children) {
    const made = element("li", "sn-find__option", ...children);
    Object.assign(made, { id: `sn-find-${at}`, role: "option", ariaSelected: "false" });
    made.dataset.url = url;
    return made;
  }

  function show(rows, words) {
    open();
    const all = new URL(form.action);
    all.searchParams.set("q", box.value);
    const made = rows.map((row, at) => option(new URL(row.url, root).href, at,
      element("bdi", "", row.title), element("small", "", ` ${row.date}${row.gone ? ` · ${row.gone}` : ""}`)));
    if (rows.length) made.push(option(all.href, rows.length, "查看全部结果"));
    const [list, status] = panel.children;
    list.replaceChildren(...made);
    list.hidden = !made.length;
    status.textContent = words;
    box.setAttribute("aria-expanded", String(made.length > 0));
    choose(null);
  }

  async function search() {
    const mine = (turn += 1);
    const query = box.value.trim();
    if (!query) return close();
    try {
      const session = await (await (engine ??= load())).open(query);
      const rows = await session.page(SHOWN);
      if (mine !== turn || document.activeElement !== box) return;
      if (session.short) show([], "请再多输入一些。");
      else show(rows, rows.length ? `${session.near ? "最接近的" : "找到"} ${rows.length}${session.left ? " 篇以上" : " 篇"}` : "没有找到，请换一个说法。");
    } catch {
      engine = null;
      if (mine === turn) show([], "现在不能边输入边检索，请按回车键。");
    }
  }

  function press(event) {
    if (event.isComposing) return;
    const [list, at] = [options(), options().findIndex((each) => each.ariaSelected === "true")];
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && list.length) {
      event.preventDefault();
      choose(list[(at + move + list.length + (at < 0 && move < 0 ? 1 : 0)) % list.length]);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      go(list[at]);
    } else if (event.key === "Escape" && panel) {
      event.preventDefault();
      close();
    }
  }

  function soon(event) {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(search, PAUSE); // not amid pinyin
  }

  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["autocomplete", "off"]]) {
    box.setAttribute(name, value);
  }
  box.addEventListener("focus", () => (engine ??= load().catch(() => (engine = null))));
  box.addEventListener("input", soon);
  box.addEventListener("compositionend", soon);
  box.addEventListener("keydown", press);
  box.addEventListener("blur", close);
})();
