// What the page says, in the language of who reads it: `t` holds the words of each screen. A
// language is a folder with a file per screen; what holds a number or a name is a function.

import { en } from "./en/index.js";
import { server } from "./en/server.js";
import * as troubles from "./en/troubles.js";
import { es } from "./es/index.js";
import { language } from "./language.js";

export const t = { es, en }[language];
// By the codes of its answers; in Spanish it speaks for itself.
const SERVER = { es: {}, en: server }[language];

// What is not well (`troubles`), or went wrong (`mishaps`): the sentence, and what to do.
export function told(kind, { codigo, datos = {}, mensaje, consejo }) {
  const own = language === "en" && troubles[kind][codigo];
  return own ? { said: own.said(datos), advice: own.advice } : { said: mensaje, advice: consejo };
}

// The sentence of an answer { message, error or veredicto, ... }: the server's own, or this page's.
export function said(answer) {
  return SERVER[answer.error ?? answer.veredicto ?? "ok"]?.(answer) ?? answer.message;
}
