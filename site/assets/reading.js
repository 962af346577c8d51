// What a page offers where scripts run: large text, remembered in this browser only and off by
// default, the navigation drawer by keyboard, tables that stay tables, and whether alerts hold, by the
// reader's clock. Runs in <head>, before anything is painted, so that nothing jumps.
(() => {
  "use strict";
  const KEY = "sanshen.elder";
  const SEEN = "sanshen.seen";
  const page = document.documentElement;

  function remembered() {
    try {
      return localStorage.getItem(KEY) === "on";
    } catch {
      return false; // storage is closed: the mode lasts for this page
    }
  }

  function remember(on) {
    try {
      if (on) localStorage.setItem(KEY, "on");
      else localStorage.removeItem(KEY);
    } catch {
      return;
    }
  }

  function offer() {
    for (const button of document.querySelectorAll("[data-sanshen-elder]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(page.classList.contains("sn-elder-mode")));
      button.addEventListener("click", () => {
        const on = page.classList.toggle("sn-elder-mode");
        button.setAttribute("aria-pressed", String(on));
        remember(on);
      });
    }
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

  // A page is as old as its build: what it says without script stays true, the state is said here.
  window.sanshenStates = (root, now = Date.now()) => {
    const replaced = root.querySelector("[data-earlier]") && "已有新版";
    for (const alert of root.querySelectorAll("[data-turns]")) {
      const [start, end, lifted] = alert.dataset.turns.split(" ").map((turn) => Date.parse(turn));
      const over = replaced || (lifted <= now && "已解除") || (end <= now && "已过期");
      const state = alert.querySelector("[data-state]"); // not there yet while the page comes in
      const words = over || (start > now ? "未开始" : "生效中");
      if (state && state.textContent !== words) state.textContent = words;
      if (state) state.dataset.left = over ? "" : left(start > now ? start - now : end - now, start > now ? "后开始" : "");
      alert.toggleAttribute("data-over", Boolean(over));
    }
  };

  // How long ago a day was: days change at midnight in China, wherever the reader is.
  function count() {
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
  page.classList.toggle("sn-elder-mode", remembered());
  // As the page comes in, before it is painted: what an alert that is over hides must not jump.
  const coming = new MutationObserver(() => window.sanshenStates(document));
  coming.observe(page, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    coming.disconnect();
    offer();
    lead();
    window.sanshenTables(document);
    count();
    fresh();
    window.sanshenStates(document);
    setInterval(window.sanshenStates, 30000, document);
  }, { once: true });
})();
