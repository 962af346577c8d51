// Peers of search, run in the page: each makes window.answer(query) → addresses, best first.
({
  // Pagefind, whose index lies beside the site.
  async pagefind() {
    const pagefind = await import("/pagefind/pagefind.js");
    window.answer = async (query) => {
      const { results } = await pagefind.search(query);
      const shown = await Promise.all(results.slice(0, 10).map((result) => result.data()));
      return shown.map((hit) => hit.url);
    };
  },
  // lunr over the words of the segmenter; any of them.
  lunr(pages) {
    const cut = new Intl.Segmenter("zh", { granularity: "word" });
    const words = (text) => Array.from(cut.segment(text)).filter((each) => each.isWordLike)
      .map((each) => each.segment.toLowerCase());
    const index = window.lunr(function fill() {
      this.pipeline.reset();
      this.searchPipeline.reset();
      this.ref("url");
      this.field("title", { boost: 5 });
      this.field("text");
      for (const { url, title, text } of pages) this.add({ url, title: words(title), text: words(text) });
    });
    window.answer = (query) => index.query((asked) => words(query).forEach((word) => asked.term(word)))
      .slice(0, 10).map((hit) => hit.ref);
  },
  // BM25 over pairs of signs; any of them.
  pairs(pages) {
    const pairs = (text) => {
      const signs = Array.from(text.toLowerCase().replace(/\s+/gu, ""));
      return signs.slice(1).map((sign, at) => signs[at] + sign);
    };
    const held = pages.map(({ url, title, text }) => {
      const all = pairs(`${title}\n${text}`), counts = new Map();
      for (const pair of all) counts.set(pair, (counts.get(pair) ?? 0) + 1);
      return { url, counts, size: all.length };
    });
    const usual = held.reduce((sum, { size }) => sum + size, 0) / held.length;
    window.answer = (query) => {
      const asked = [...new Set(pairs(query))].map((pair) => {
        const n = held.filter(({ counts }) => counts.has(pair)).length;
        return [pair, Math.log(1 + (held.length - n + 0.5) / (n + 0.5))];
      });
      const scored = held.map(({ url, counts, size }) => [url, asked.reduce((sum, [pair, idf]) => {
        const count = counts.get(pair) ?? 0;
        return sum + (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * size) / usual));
      }, 0)]);
      return scored.filter(([, value]) => value).sort((one, other) => other[1] - one[1])
        .slice(0, 10).map(([url]) => url);
    };
  },
})
