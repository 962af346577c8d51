// The search page: form, filters, list of results, keyboard, states. search.js does the finding.
import "./search.js";

const PAGE = 10; // results shown at a time
const FIRST = 6; // of them read first: as many as a browser asks a host for in one go
const PAUSE = 250; // milliseconds without typing before a search
const [BEFORE, AFTER] = [24, 96]; // characters of text around the first hit
const STOP = /^[\p{Pe}\p{Pf}\p{Po}\p{Pd}\s]$/u; // begins no extract
const JOINT = /(?<=[，。、；：！？”）》])\s+/gu; // blanks between paragraphs, after a stop
const MORE = "显示更多";
const FURTHER = "继续查找"; // a page came out short: candidates remain to be read
const FILTERS = ["year", "month", "kind", "category", "account"];
const engine = window.sanshenSearch;
const asked = ({ href }) => new URL(href).searchParams;
const given = asked(location);

// An answer's session and its first results.
async function answerTo(query, filters) {
  const session = await engine.open(query, filters);
  return { session, rows: await session.page(FIRST) };
}

// ---- what the address asks for is looked up while the rest of the page comes in ----
const filtersBy = (value) => Object.fromEntries(FILTERS.map((name) => [name, value(name) ?? ""]));
const keyOf = (query, filters) => JSON.stringify([query, filters]);
let early;
if (given.get("q")) {
  const filters = filtersBy((name) => given.get(name));
  early = { key: keyOf(given.get("q"), filters), answer: answerTo(given.get("q"), filters) };
  early.answer.catch(() => {}); // the page says so when it is there
}

// The early answer once, where the form asks for the very same.
function takeAnswer(query, filters) {
  const { key, answer } = early ?? {};
  early = null;
  return key === keyOf(query, filters) ? answer : answerTo(query, filters);
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// ---- one result ----
function flagged({ pieces, flat, owner }, terms) {
  const flags = new Uint8Array(pieces.length);
  for (const term of terms) {
    for (let at = flat.indexOf(term); at >= 0; at = flat.indexOf(term, at + term.length)) {
      flags.fill(1, owner[at], owner[at + term.length - 1] + 1);
    }
  }
  return flags;
}

// Text with <mark> around the terms; with `cut`, only the surroundings of the first of them.
function marked(text, terms, cut) {
  const chart = engine.chart(text);
  const flags = flagged(chart, terms);
  const first = Math.max(0, flags.indexOf(1));
  let from = cut ? Math.max(0, first - BEFORE) : 0;
  while (from && from < first && STOP.test(chart.pieces[from])) from += 1;
  const to = cut ? Math.min(flags.length, first + AFTER) : flags.length;
  const nodes = from ? ["…"] : [];
  for (let at = from; at < to;) {
    let end = at;
    while (end < to && flags[end] === flags[at]) end += 1;
    const words = chart.pieces.slice(at, end).join("");
    nodes.push(flags[at] ? element("mark", "", words) : words);
    at = end;
  }
  return to < flags.length ? [...nodes, "…"] : nodes;
}

function label(select, value) {
  const option = Array.from(select?.options ?? []).find((o) => o.value === value);
  return option ? option.text : value;
}

function alertChip([words, turns]) {
  const chip = element("span", "sn-chip", `${words} · `, element("span"));
  chip.dataset.turns = turns;
  chip.lastChild.dataset.state = "";
  return chip;
}

// The text in which the terms stand: the body, else the summary, with the facts that hold them.
function extract({ body, head }, terms) {
  const holds = (text) => terms.some((term) => engine.squeeze(text).includes(term));
  const text = body.replace(JOINT, ""), [summary, facts = ""] = head.split("\n");
  const named = [...new Set(facts.split("；").filter(holds))].map((fact) => `${fact}。`);
  return [text, summary].find(holds) ?? named.join("") + (summary || text);
}

function result(row, ask, page) {
  const terms = ask.marks;
  const title = element("bdi", "", ...marked(row.title || "（无标题）", terms));
  const link = element("a", "sanshen-hit__link", title);
  const url = new URL(row.url, engine.root);
  if (url.origin === engine.root.origin) link.href = url.href;
  const [year, month, day] = row.date.split("-").map(Number);
  const date = element("time", "", `${year}年${month}月${day}日`);
  date.dateTime = row.date;
  const gone = row.gone ? [" · ", element("strong", "", row.gone)] : [];
  const alert = row.alert.length ? [" · ", alertChip(row.alert)] : [];
  const named = engine.naming(row, ask).length
    ? [" · 索引号 ", ...marked(row.indexNumber, terms)] : [];
  const accounts = row.accounts.flatMap((name, at) => (
    [at ? "" : " · ", element("bdi", "", label(page.field("account"), name), at + 1 < row.accounts.length ? "、" : "")]));
  const category = row.category ? [` · ${label(page.field("category"), row.category)}`] : [];
  const facts = element("p", "sanshen-hit__facts", date, ...gone, ...alert, ...category, ...accounts, ...named);
  const heading = element("h2", "sanshen-hit__title", link);
  const text = extract(row, terms);
  const words = element("p", "sanshen-hit__text", ...marked(text, terms, true));
  return element("li", "sanshen-hit", heading, facts, ...(text ? [words] : []));
}

// ---- what the page says ----
const lacking = ({ lost }) => lost.length
  ? `检索不完整：${lost.join("、")}年的索引没有全部载入，可按回车键重试。其余部分：` : "";

// What an answer that is only near rests on: words that its posts have, words that are guessed, and
// words that none has.
function grounds({ ask: { notions } }) {
  const told = engine.toldOf(notions);
  const quoted = (those) => [...new Set(those)].join("、");
  const held = told.filter(({ ground }) => ground && !ground.guessed)
    .map(({ text, ground: { word } }) => `“${text}”${word === text ? "" : `（${word}）`}`);
  const guessed = told.filter(({ ground }) => ground?.guessed).map(({ text, ground: { word } }) => `“${text}”当作“${word}”`);
  const lacking = told.filter(({ ground }) => !ground).map(({ text }) => `“${text}”`);
  const said = [guessed.length ? `把读音或写法相近的${quoted(guessed)}` : "", held.length ? `提到了${quoted(held)}` : "",
    lacking.length ? `没有提到${quoted(lacking)}` : "", held.length > 1 && told.every(({ ground }) => ground?.sure) ? "但不在同一句里" : ""];
  return said.some(Boolean) ? `：${said.filter(Boolean).join("，")}` : "";
}

function summary(session, shown, filtered) {
  const { ask, near, literal } = session;
  const name = ask.typed.map((term) => `“${term}”`).join("、");
  if (session.short) return ask.typed[0] ? `${name}太短：请再多输入一些。` : "请输入要找的内容，多个词用空格隔开。";
  if (!shown && !session.left) {
    return `没有找到含${name}的内容。${filtered ? "可以放宽筛选条件再试。" : "请换一个说法再试。"}`;
  }
  if (near && shown) return `没有${ask.typed.length > 1 ? "同时" : "找到"}含${name}的内容。以下 ${shown} 篇最接近${grounds(session)}。`;
  if (session.exact) {
    const as = literal ? "" : ask.spoken ? `按拼音或英文${name}` : `按${name}的意思`;
    return `${as}找到 ${session.given + session.left} 篇，已显示 ${shown} 篇。`;
  }
  const press = shown % PAGE || !shown ? FURTHER : MORE;
  return `${shown ? `已找到 ${shown} 篇` : "还没有找到"}，另有 ${session.left} 篇可能含有${name}，请按“${press}”。`;
}

const failure = () => navigator.onLine
  ? "检索索引未能载入。请稍后按回车键重试。"
  : "现在没有网络，这次检索要用的索引还没有载入过。联网后按回车键重试。";

// ---- the page ----
function makePage(form) {
  const list = document.getElementById("search-results");
  const more = element("button", "md-button sanshen-more", MORE);
  more.type = "button";
  more.id = "search-more";
  more.hidden = true;
  list.after(more);
  return {
    form, list, more, turn: 0, session: null, stale: false, settled: true,
    help: document.getElementById("search-help"),
    report: document.getElementById("search-report"),
    status: document.getElementById("search-status"),
    field: (name) => form.elements.namedItem(name),
    value: (name) => form.elements.namedItem(name)?.value ?? "",
  };
}

function list(page, rows) {
  const made = rows.map((row) => result(row, page.session.ask, page));
  if (page.stale) page.list.replaceChildren(...made); // the last answer stood until now
  else page.list.append(...made);
  page.stale = false;
  window.sanshenStates?.(page.list);
}

function conclude(page, count) {
  const { session } = page;
  if (page.report) report(page, session);
  if (page.help) page.help.hidden = !(session.short || session.near || (!count && !session.left));
  page.more.hidden = !session.left;
  page.more.textContent = count < PAGE ? FURTHER : MORE;
  const filtered = FILTERS.some((name) => page.value(name));
  page.status.textContent = lacking(session) + summary(session, page.list.children.length, filtered);
}

async function guarded(page, work) {
  const turn = (page.turn += 1);
  page.list.setAttribute("aria-busy", "true");
  try {
    await work(turn);
  } catch (error) {
    if (turn === page.turn) page.status.textContent = failure();
    if (turn === page.turn && page.stale) page.list.replaceChildren();
  } finally {
    if (turn === page.turn) page.list.removeAttribute("aria-busy");
  }
}

// The address keeps what was looked for. What was asked for with Enter, a filter or the address, or before the field was left
// or emptied, is a step to go back to; what is still being typed is none.
function remember(page) {
  if (!page.value("q")) page.settled = true;
  const url = new URL(location.href);
  for (const name of ["q", ...FILTERS]) {
    if (page.value(name)) url.searchParams.set(name, page.value(name));
    else url.searchParams.delete(name);
  }
  if (!page.value("q") || url.href === location.href) return;
  if (page.settled && asked(location).get("q")) history.pushState(null, "", url);
  else history.replaceState(history.state, "", url);
  page.settled = false;
}

// What was looked for in vain, for the reader to send or to copy: nothing leaves the device by itself.
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/u;
function report(page, session) {
  const { report: place } = page;
  place.hidden = session.short;
  const words = `我在${document.title}检索“${page.value("q")}”，没有找到需要的内容。${location.href}`;
  const [address] = MAIL.exec(place.firstChild.data) ?? [];
  if (address) {
    const mail = place.querySelector("a") ?? element("a", "", "写邮件");
    mail.href = `mailto:${address}?subject=${encodeURIComponent("检索没有找到")}&body=${encodeURIComponent(words)}`;
    place.firstChild.after(mail, " ");
  }
  const button = place.querySelector("button");
  button.textContent = "复制这次检索";
  button.onclick = () => navigator.clipboard.writeText(words)
    .then(() => { button.textContent = "已复制"; }, () => { button.textContent = words; });
}

const search = (page) => guarded(page, async (turn) => {
  remember(page);
  const filters = filtersBy(page.value);
  page.more.hidden = true;
  page.stale = true;
  page.status.textContent = "正在检索……";
  const { session, rows } = await takeAnswer(page.value("q"), filters);
  if (turn !== page.turn) return; // a later search has begun
  page.session = session;
  const first = page.list.children.length ? [] : rows; // an answer that stands is replaced as a whole
  if (first.length) list(page, first);
  const rest = rows.length === FIRST ? await session.page(PAGE - FIRST).catch(() => []) : [];
  if (turn !== page.turn) return;
  list(page, first.length ? rest : [...rows, ...rest]);
  conclude(page, rows.length + rest.length);
});

const showMore = (page) => guarded(page, async (turn) => {
  const before = page.list.children.length;
  const rows = await page.session.page(PAGE);
  if (turn !== page.turn) return;
  list(page, rows);
  conclude(page, rows.length);
  const first = page.list.children[before]?.querySelector("a");
  if (first) first.focus();
  else if (page.more.hidden) page.field("q").focus(); // never leave the reader nowhere
});

function step(page, event) {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [page.field("q"), ...page.list.querySelectorAll("a"), page.more];
  const at = stops.indexOf(event.target);
  const next = stops[at + move];
  if (!move || at < 0 || event.isComposing || event.altKey || event.ctrlKey) return;
  if (!next || next.hidden) return;
  event.preventDefault();
  next.focus();
}

// On a narrow screen the filters are folded until they are wanted, or one is set.
function unfold(page) {
  const fold = page.form.querySelector(".sn-filters");
  const show = (open) => fold?.setAttribute("aria-expanded", String(open));
  fold?.addEventListener("click", () => show(fold.getAttribute("aria-expanded") === "false"));
  show(FILTERS.some((name) => page.value(name)));
}

function listen(page) {
  let timer = 0;
  const soon = (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(search, PAUSE, page); // not amid pinyin
  };
  const now = (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search(page);
    page.settled = true;
  };
  page.form.addEventListener("submit", now);
  page.form.addEventListener("change", (event) => {
    if (FILTERS.includes(event.target.name)) now(event);
  });
  page.field("q").addEventListener("input", soon);
  page.field("q").addEventListener("change", () => { page.settled = true; });
  window.addEventListener("popstate", () => {
    clearTimeout(timer);
    fill(page, asked(location));
    search(page);
    page.settled = true;
  });
  page.field("q").addEventListener("compositionend", soon);
  page.more.addEventListener("click", () => showMore(page));
  for (const place of [page.form, page.list, page.more]) {
    place.addEventListener("keydown", (event) => step(page, event));
  }
}

// The form as an address says; what it does not name is empty.
function fill(page, values) {
  for (const name of ["q", ...FILTERS]) {
    const field = page.field(name);
    if (field) field.value = values.get(name) ?? "";
    if (field?.tagName === "SELECT" && field.selectedIndex < 0) field.selectedIndex = 0;
  }
}

function start() {
  const form = document.getElementById("sanshen-search");
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "true";
  const page = makePage(form);
  const typed = page.value("q"); // before this was here
  fill(page, given);
  if (typed) page.field("q").value = typed;
  if (page.help) page.help.hidden = Boolean(page.value("q")); // stands while nothing is asked
  unfold(page);
  listen(page);
  search(page);
  page.settled = true;
}

if (document.readyState === "loading") document.addEventListener("readystatechange", start);
else start();
