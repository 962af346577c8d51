// Elder mode: large text by a class on <html>, remembered in this browser only, off by default.
// Runs in <head>, before anything is painted, so that the text never jumps.
(() => {
  "use strict";
  const KEY = "sanshen.elder";
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

  page.classList.toggle("sn-elder-mode", remembered());
  document.addEventListener("DOMContentLoaded", offer);
})();
