// What the page says, in the language of who reads it: `t` holds the words of each screen. A
// language is a folder with a file per screen; what holds a number or a name is a function. Only
// the one that is shown is loaded.

import { language } from "./language.js";

// `server`, `troubles`, `mishaps`: by the codes of its answers; in Spanish it speaks for itself.
const { words, server = {}, ...own } = await import(`./${language}/index.js`);

export const t = words;

// What is not well (`troubles`), or went wrong (`mishaps`): the sentence, and what to do.
export function told(kind, { codigo, datos = {}, mensaje, consejo }) {
  const found = own[kind]?.[codigo];
  return found ? { said: found.said(datos), advice: found.advice } : { said: mensaje, advice: consejo };
}

// The sentence of an answer { message, error or veredicto, ... }: the server's own, or this page's.
export function said(answer) {
  return server[answer.error ?? answer.veredicto ?? "ok"]?.(answer) ?? answer.message;
}
