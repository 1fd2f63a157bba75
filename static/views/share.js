// The guest's link of one reservation: to share, to send by WhatsApp, to copy.

import { ask } from "../api.js";
import { el } from "../dom.js";
import { reach, whatsappLink } from "../share.js";
import { t } from "../words/index.js";

const COPIED_MS = 2_000;
const CANCELLED = "Cancelado";

export class ShareBox {
  #desk;
  #reserva = null; // shown last
  #attempt = 0; // an answer that a newer request has overtaken is dropped
  #text = "";
  #card = null;
  #changed = el("p", { class: "code-changed", role: "status", hidden: true, "data-testid": "code-changed" },
    t.share.codeChanged);
  #link = el("input", { readonly: "", "aria-label": t.share.link, "data-testid": "share-link", onfocus: () => this.#link.select() });
  #whatsapp = el("a", { class: "button", target: "_blank", rel: "noopener noreferrer", "data-testid": "share-whatsapp" }, "WhatsApp");
  #copy = el("button", { type: "button", "data-testid": "share-copy", onclick: () => this.#copyLink() }, t.share.copy);
  #notice = el("p", { class: "muted", role: "status", "data-testid": "share-notice" });

  constructor(desk) {
    this.#desk = desk;
    const share = navigator.share
      ? el("button", { type: "button", class: "primary", "data-testid": "share", onclick: () => this.#share() }, t.share.share) : null;
    this.node = el("div", { class: "share", hidden: true, "data-testid": "share-box" },
      this.#changed, share, this.#whatsapp, this.#copy, this.#link, this.#notice);
  }

  show(reserva) {
    const before = this.#reserva;
    if (before?.version === reserva.version) return;
    this.#reserva = reserva;
    if (reserva.estado === CANCELLED) this.#changed.hidden = true;
    else if (before?.estado === CANCELLED) this.#changed.hidden = false;
    this.#read(reserva);
  }

  async #read(reserva) {
    this.#attempt += 1;
    const attempt = this.#attempt;
    let answer = {};
    try {
      answer = await ask("GET", `/api/reservas/${encodeURIComponent(reserva.id)}/qr`, { query: this.#desk.query });
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
      // Without an answer there is nothing to share: what was shown may be a revoked code's.
    }
    if (attempt !== this.#attempt) return;
    const appears = this.node.hidden && !this.#changed.hidden;
    this.node.hidden = !answer.enlace;
    if (appears) this.node.scrollIntoView({ block: "nearest" });
    if (answer.enlace) this.#fill(reserva, new URL(answer.enlace, location.origin).href, answer.mensaje);
  }

  #fill(reserva, link, message) {
    if (this.#link.value !== link) this.#card = null;
    this.#link.value = link;
    this.#text = `${message} ${link}`;
    this.#whatsapp.href = whatsappLink(reserva.cliente.telefono, this.#desk.local.timezone, this.#text);
    this.#notice.textContent = t.share[reach(location.hostname)] ?? "";
  }

  async #share() {
    const data = { title: t.share.title, text: this.#text };
    this.#card ??= await this.#readCard();
    const files = this.#card ? [this.#card] : [];
    try {
      await navigator.share(files.length && navigator.canShare?.({ ...data, files }) ? { ...data, files } : data);
    } catch (error) {
      // The card took longer than a tap lasts for the browser; it is here now.
      if (error.name === "NotAllowedError") this.#notice.textContent = t.share.again;
    }
  }

  async #readCard() {
    try {
      const response = await fetch(`${this.#link.value}.png`);
      return response.ok ? new File([await response.blob()], t.share.file, { type: "image/png" }) : null;
    } catch {
      return null;
    }
  }

  async #copyLink() {
    try {
      await navigator.clipboard.writeText(this.#link.value);
    } catch { // there is none on plain http
      this.#link.select();
      document.execCommand("copy");
    }
    this.#copy.textContent = t.share.copied;
    setTimeout(() => { this.#copy.textContent = t.share.copy; }, COPIED_MS);
  }
}
