// The vendored decoder beside the page, so that a hard frame never makes a button wait.

import { decode } from "./decode.js";

addEventListener("message", ({ data: { id, picture } }) => postMessage({ id, text: decode(picture) }));
