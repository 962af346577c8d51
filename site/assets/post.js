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

  // A picture with a strip below that says whose it is and how to check it: the check code and phrase of this version, and the
  // page's address as a code to scan. The picture that was signed stays as it is (docs/decisions/0090).
  function withStrip(picture, [code, phrase], scan) {
    const canvas = document.createElement("canvas");
    const width = Math.max(picture.naturalWidth, 800);
    const [tall, high] = [Math.round(width * picture.naturalHeight / picture.naturalWidth), Math.round(width / 6)];
    Object.assign(canvas, { width, height: tall + high });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, tall + high);
    pen.drawImage(picture, 0, 0, width, tall);
    pen.fillStyle = "#111";
    pen.textBaseline = "top";
    const lines = [[content.querySelector(".sn-byline > span").textContent, 0.2], [`核对码 ${code}　${phrase}`, 0.2], ["扫码看原文；码可以抄到别的图上，以原文为准", 0.13]];
    lines.forEach(([words, size], n) => {
      pen.font = `${n < 2 ? "bold " : ""}${Math.round(high * size)}px sans-serif`;
      pen.fillText(words, high * 0.15, tall + high * (0.1 + 0.31 * n), width - 1.3 * high);
    });
    const side = scan.closest("svg").viewBox.baseVal.width;
    pen.translate(width - high, tall);
    pen.scale(high / side, high / side);
    pen.translate(4, 4);
    pen.stroke(new Path2D(scan.getAttribute("d")));
    return canvas;
  }

  // The button that saves it, on pages that have a check code.
  function checked(picture) {
    const check = [...content.querySelectorAll(".sn-check strong")].map(({ textContent }) => textContent);
    const scan = content.querySelector(".sn-qr path");
    if (check.length !== 2 || !scan) return [];
    const save = Object.assign(document.createElement("button"), { type: "button", textContent: "保存带核对码的图片" });
    save.addEventListener("click", async () => {
      await picture.decode();
      withStrip(picture, check, scan).toBlob((blob) => {
        const href = URL.createObjectURL(blob);
        Object.assign(document.createElement("a"), { href, download: `${check[0]}.png` }).click();
        setTimeout(() => URL.revokeObjectURL(href), 60000);
      });
    });
    return [save];
  }

  // A picture is a link to its largest size: with a dialog, it opens in the page.
  function enlarge(link) {
    const dialog = Object.assign(document.createElement("dialog"), { className: "sn-large" });
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "关闭" });
    const picture = Object.assign(new Image(), { src: link.href, alt: link.querySelector("img").alt });
    const words = link.parentElement.querySelector("figcaption")?.textContent ?? "";
    dialog.setAttribute("aria-label", "放大的图片");
    dialog.append(close, ...checked(picture), picture, Object.assign(document.createElement("p"), { textContent: words }));
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
