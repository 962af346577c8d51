// What a post's page offers where scripts run: printing, copying, sharing, reading aloud by the
// browser's own voices, and pictures as large as the screen. A button shows where it can do something.
(() => {
  "use strict";
  const content = document.getElementById("content");
  const buttons = (name) => [...content.querySelectorAll(`[data-sanshen-do="${name}"]`)];
  const each = (name, work) => buttons(name).forEach((button) => button.addEventListener("click", () => work(button)));
  const address = `${location.origin}${location.pathname}`;

  each("print", () => window.print());

  if (navigator.share) {
    for (const button of buttons("share")) button.hidden = false;
    each("share", () => navigator.share({ title: document.title, url: address }).catch(() => {}));
  }

  // Without a secure connection there is no clipboard but that of an older command.
  async function copy(words) {
    if (navigator.clipboard) return navigator.clipboard.writeText(words);
    const field = Object.assign(document.createElement("textarea"), { value: words });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error();
  }

  each("copy", async (button) => {
    const status = content.querySelector("[data-sanshen-copied]");
    const today = new Date().toLocaleDateString("sv");
    const source = content.querySelector(`[data-sanshen-${button.dataset.sanshenCopy}]`);
    const words = source ? source.textContent.replace("引用日期", today) : address;
    status.textContent = await copy(words).then(() => "已复制", () => "未能复制");
    button.focus();
    setTimeout(() => { status.textContent = ""; }, 3000);
  });

  // Reading aloud: a sentence at a time, for some browsers end a long one half-way.
  const speech = window.speechSynthesis;
  const [speak] = buttons("speak");
  const [pause] = buttons("pause");

  function pressed(speaking, paused = false) {
    speak.setAttribute("aria-pressed", String(speaking));
    pause.setAttribute("aria-pressed", String(paused));
    pause.hidden = !speaking;
  }

  function stop() {
    speech.cancel();
    pressed(false);
  }

  function read(voice) {
    const parts = ["title", "alert", "lead", "body"].map((name) => content.querySelector(`[data-signed="${name}"]`));
    const words = parts.map((part) => part?.innerText ?? "").join("\n");
    const sentences = words.match(/[^。！？；\n]+[。！？；]?/g) ?? [];
    const spoken = sentences.map((text) => Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang }));
    spoken.at(-1).onend = () => pressed(false);
    for (const one of spoken) speech.speak(one);
    pressed(true);
  }

  function offerVoices() {
    const voice = speech.getVoices().find(({ lang }) => /^(zh|cmn)\b/i.test(lang));
    speak.hidden = !voice;
    speak.onclick = () => (speak.getAttribute("aria-pressed") === "true" ? stop() : read(voice));
  }

  if (speech && speak) {
    offerVoices();
    speech.addEventListener?.("voiceschanged", offerVoices);
    addEventListener("pagehide", () => speech.cancel());
    pause.addEventListener("click", () => {
      const held = pause.getAttribute("aria-pressed") !== "true";
      if (held) speech.pause();
      else speech.resume();
      pressed(true, held);
    });
  }

  // A picture is a link to its largest size: with a dialog, it opens in the page.
  function enlarge(link) {
    const dialog = Object.assign(document.createElement("dialog"), { className: "sn-large" });
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "关闭" });
    const picture = Object.assign(new Image(), { src: link.href, alt: link.querySelector("img").alt });
    const words = link.parentElement.querySelector("figcaption")?.textContent ?? "";
    dialog.setAttribute("aria-label", "放大的图片");
    dialog.append(close, picture, Object.assign(document.createElement("p"), { textContent: words }));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  if (window.HTMLDialogElement) {
    for (const link of content.querySelectorAll("a.sn-zoom")) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        enlarge(link);
      });
    }
  }
})();
