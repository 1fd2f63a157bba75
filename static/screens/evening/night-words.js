// A night in words: whether it is tonight's, and on which day an hour after midnight falls.

import { longDay, shiftDay } from "../../format.js";
import { t } from "../../words/index.js";
import { isAfterMidnight } from "./night.js";

// `night` and `hora` as chosen; local: the venue. Returns { text, isOther }.
export function nightWords(night, hora, local) {
  const isOther = night !== local.diaNegocio;
  const named = isOther ? t.booking.otherNight(longDay(night)) : t.booking.tonight(longDay(night));
  const after = hora && isAfterMidnight(hora, local.corte) ? t.booking.afterMidnight(hora, longDay(shiftDay(night, 1))) : "";
  return { text: [named, after].filter(Boolean).join(" "), isOther };
}
