// What a page offers where scripts run: large text and dark, remembered in this browser only, the
// navigation drawer by keyboard, tables that stay tables, contents that follow the reader, and whether
// alerts hold, by the reader's clock. Runs in <head>, before anything is painted, so that nothing jumps.
(() => {
  "use strict";
  const ELDER = "sanshen.elder";
  const DARK = "sanshen.dark";
  const SEEN = "sanshen.seen";
  const RECORDS = "[data-newest], [data-sanshen-listed], .sn-byline time, .sanshen-hit time";
  const LONG = 300 * 86400000;
  const page = document.documentElement;

  const night = matchMedia("(prefers-color-scheme: dark)");
  const chosen = {}; // as remembered or pressed: storage may be closed, and asking it takes long
  const isOn = (key) => ((chosen[key] ??= remembered(key)) || (key === DARK && night.matches ? "on" : "off")) === "on";

  function remembered(key) {
    try {
      return localStorage.getItem(key) ?? "";
    } catch {
      return "";
    }
  }

  function remember(key, on) {
    chosen[key] = on ? "on" : "off";
    try {
      localStorage.setItem(key, chosen[key]);
    } catch {
      return; // the mode lasts for this page
    }
  }

  const switches = () => [["[data-sanshen-elder]", ELDER], ["[data-sanshen-dark]", DARK]].flatMap(([those, key]) => (
    Array.from(document.querySelectorAll(those), (button) => [button, key])));

  function dress() {
    page.classList.toggle("sn-elder-mode", isOn(ELDER));
    const scheme = isOn(DARK) ? "slate" : "default";
    if (document.body && document.body.dataset.mdColorScheme !== scheme) document.body.dataset.mdColorScheme = scheme;
    for (const [button, key] of switches()) button.setAttribute("aria-pressed", String(isOn(key)));
  }

  function offer() {
    for (const [button, key] of switches()) {
      button.hidden = false;
      button.addEventListener("click", () => {
        remember(key, !isOn(key));
        dress();
      });
    }
    night.addEventListener("change", dress);
    dress();
  }

  // The contents beside a long page mark where the reader is; who scrolls back is offered the top.
  function follow() {
    const links = [...document.querySelectorAll(".md-sidebar--secondary a")];
    const heads = links.map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))));
    const top = document.querySelector(".md-top");
    let last = 0;
    const mark = () => {
      const at = heads.findLastIndex((head) => head?.getBoundingClientRect().top < 120);
      links.forEach((link, each) => link.classList.toggle("md-nav__link--active", each === at));
      if (top) top.hidden = scrollY > last || scrollY < 400;
      last = scrollY;
    };
    top?.addEventListener("click", () => {
      scrollTo(0, 0);
      document.getElementById("content").focus({ preventScroll: true }); // Tab goes on from there
    });
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  // The drawer is the theme's: a checkbox, which style sheets look at. It covers the page, so it
  // takes the focus when it opens, gives it back when it closes, and closes when the focus goes on.
  function lead() {
    const box = document.getElementById("__drawer");
    const drawer = document.getElementById("sn-drawer");
    const button = document.querySelector("[data-sanshen-menu]");
    button.hidden = false;
    button.addEventListener("click", () => box.click());
    box.addEventListener("change", () => {
      button.setAttribute("aria-expanded", String(box.checked));
      if (box.checked) drawer.querySelector("li a").focus();
      else if (document.activeElement === document.body || drawer.contains(document.activeElement)) button.focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && box.checked) box.click();
    });
    document.addEventListener("focusin", (event) => {
      if (box.checked && !drawer.contains(event.target) && event.target !== button) box.click();
    });
  }

  // Where a style sheet lays a table out as cards, some browsers tell of no table any more.
  window.sanshenTables = (root) => {
    const roles = { THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
    for (const table of root.querySelectorAll(".sn-table, .sn-meta")) {
      table.setAttribute("role", "table");
      for (const part of table.querySelectorAll("*")) {
        const head = part.scope === "col" ? "columnheader" : "rowheader";
        const role = part.tagName === "TH" ? head : roles[part.tagName];
        if (role) part.setAttribute("role", role);
      }
    }
  };

  // How long something holds, in words that stay true for a while.
  function left(time, then) {
    const hours = time / 3600000;
    const words = hours < 1 ? "不到 1 小时" : hours < 48 ? `${Math.floor(hours)} 小时` : `${Math.floor(hours / 24)} 天`;
    return then ? `${words}${then}` : `还有${hours < 1 ? "" : " "}${words}`;
  }

  // A moment in China, where no clock is put forward. `Intl` would say it too, but each page would wait
  // for what it knows of the world's times.
  function inChina(now) {
    const [, month, day, time] = /-(\d\d)-(\d\d) (\d\d:\d\d)/u.exec(dated(now));
    return `${Number(month)}月${Number(day)}日 ${time}`;
  }

  const dated = (moment) => new Date(moment + 8 * 3600000).toISOString().slice(0, 16).replace("T", " ");

  // The newest record that is known of: by pages of the whole, by what is listed, and by `newest.json`, since any page
  // may be older. A clock before it is wrong, and one that is long behind it may be.
  const newest = { file: new URL("../newest.json", document.currentScript.src), at: 0, told: false };

  function known(root) {
    const times = [document, root].flatMap((part) => [...part.querySelectorAll(RECORDS)]);
    return Math.max(newest.at, ...times.map((one) => Date.parse(one.dataset.newest ?? one.dateTime) || 0));
  }

  async function ask() {
    try {
      newest.at = Date.parse(await (await fetch(newest.file, { cache: "no-cache" })).json()) || 0;
    } catch {
      newest.at = 0; // not to be had: what the page knows counts
    }
    newest.told = true;
    window.sanshenStates(document);
  }

  // Why a clock tells no state, beside the newest record `at`; empty where it may. The page 核对 asks it too.
  window.sanshenDoubt = (at, now) => {
    const late = at && now > at + LONG;
    if (!late && !(now < at)) return "";
    const words = late ? "晚 300 天以上：时间可能不对，本站也可能不再更新" : "还早，一定不对";
    return `您设备的时间比本站最新的记录（${dated(at)}）${words}，所以预警只写起止时间，不写是否生效。`;
  };

  // The same by what is known here; that it may be late is said once the newest record was asked for.
  function doubt(root, now) {
    const at = known(root);
    const why = window.sanshenDoubt(at, now);
    const asked = now < at || newest.told || document.querySelector("[data-newest]");
    return { doubted: Boolean(why), why: asked ? why : "" };
  }

  // The sentence stands once, outside of what signatures vouch for.
  function explain(root, why) {
    const place = root.querySelector("[data-turns]")?.closest("[data-signed], ul, ol");
    const said = root.querySelector("[data-clock]") ?? place?.parentElement?.querySelector(":scope > [data-clock]");
    if (said?.textContent === why) return;
    said?.remove();
    if (!why || !place) return;
    const line = Object.assign(place.ownerDocument.createElement("p"), { className: "sn-changed", textContent: why });
    line.dataset.clock = "";
    place.before(line);
  }

  // A page is as old as its build: what it says without script stays true, the state is said here.
  window.sanshenStates = (root, now = Date.now()) => {
    const replaced = root.querySelector("[data-earlier]") && "已有新版";
    const { doubted, why } = doubt(root, now);
    explain(root, why);
    for (const alert of root.querySelectorAll("[data-turns]")) {
      const [start, end, lifted] = alert.dataset.turns.split(" ").map((turn) => Date.parse(turn));
      const over = replaced || (!doubted && ((lifted <= now && "已解除") || (end <= now && "已过期")));
      const state = alert.querySelector("[data-state]"); // not there yet while the page comes in
      if (state) state.dataset.stated ??= state.textContent || (lifted ? `${dated(lifted)} 解除` : `有效至 ${dated(end)}`);
      const words = over || (doubted ? state?.dataset.stated : start > now ? "未开始" : "生效中");
      if (state && state.textContent !== words) state.textContent = words;
      if (state) state.dataset.left = over || doubted ? "" : left(start > now ? start - now : end - now, start > now ? "后开始" : "");
      if (state) state.dataset.at = inChina(now); // on paper
      alert.toggleAttribute("data-over", Boolean(over));
    }
  };

  // What was due, and how long ago a day was: days change at midnight in China, wherever the reader is.
  function count() {
    if (doubt(document, Date.now()).doubted) return;
    for (const duty of document.querySelectorAll("[data-due]")) {
      if (Date.parse(duty.dataset.due) <= Date.now()) duty.append("（这个期限已过）");
    }
    const day = (moment) => Math.floor((moment + 8 * 3600000) / 86400000);
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const days = day(Date.now()) - day(Date.parse(`${time.dateTime}T00:00+08:00`));
      if (days >= 0) time.after(days ? `（距今 ${days} 天）` : "（今天）");
    }
  }

  // What lists show that was published since the reader was here last: by the days of posts, remembered in this browser only.
  function fresh() {
    const days = [...document.querySelectorAll("[data-sanshen-listed]")];
    const newest = days.map((time) => time.dateTime).sort().at(-1);
    try {
      const last = sessionStorage.getItem(SEEN) ?? localStorage.getItem(SEEN) ?? "";
      sessionStorage.setItem(SEEN, last);
      if (newest > (localStorage.getItem(SEEN) ?? "")) localStorage.setItem(SEEN, newest);
      for (const time of last ? days : []) {
        if (time.dateTime > last) time.append(Object.assign(document.createElement("span"), { className: "sn-chip sn-chip--new", textContent: "上次来以后" }));
      }
    } catch {
      return; // storage is closed: nothing is remembered
    }
  }

  page.classList.replace("no-js", "js");
  dress();
  // As the page comes in, before it is painted: what an alert that is over hides must not jump.
  const coming = new MutationObserver(() => {
    dress();
    window.sanshenStates(document);
  });
  coming.observe(page, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    coming.disconnect();
    offer();
    lead();
    follow();
    window.sanshenTables(document);
    count();
    fresh();
    window.sanshenStates(document);
    if (document.querySelector("[data-turns]") && !document.querySelector("[data-newest]")) ask();
    setInterval(window.sanshenStates, 30000, document);
  }, { once: true });
})();
