// Talks to the server: JSON in, JSON out, every failure an ApiError with a sentence in the page's language.

import { said, t } from "./words/index.js";
import { language } from "./words/language.js";

const TIMEOUT_MS = 10_000;
// The pause before a request is repeated grows by the first up to the second.
const REPEAT_MS = 400;
const REPEAT_MOST_MS = 2_000;
const REPEATS = 6;
// A refusal for want of patience is worth so much of it; a longer one is for people to read.
const WAIT_MOST_MS = 5_000;

export class ApiError extends Error {
  constructor(status, body) {
    super(said(body) ?? t.connection.odd);
    this.status = status;
    this.code = body.error ?? "unknown";
    this.body = body;
  }
  // Nothing is known about what happened: only repeating the same request can tell.
  get uncertain() {
    return this.status === 0 || this.status >= 500;
  }
  // How long the server asks to wait, where it did nothing for want of patience; else null.
  get waitMs() {
    return this.status === 429 ? (this.body.retryAfter ?? 1) * 1_000 : null;
  }
}

export async function ask(method, path, { query = {}, body, headers = {}, timeoutMs = TIMEOUT_MS, keepalive = false } = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: { "Accept-Language": language, ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
      cache: "no-store",
      keepalive, // the page may go meanwhile
    });
    if (response.status === 304) return { unchanged: true };
    const answer = await response.json();
    if (response.ok) dispatchEvent(new Event("answered")); // the way to the server is open
    if (response.ok) return Object.assign(answer, { etag: response.headers.get("ETag") });
    throw new ApiError(response.status, answer);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const status = response && !response.ok ? response.status : 0;
    if (status === 0) dispatchEvent(new Event("unanswered")); // makes the stream prove that it lives
    throw new ApiError(status, {
      error: "network",
      message: method === "GET" ? t.connection.unread : t.connection.unsaved,
    });
  }
}

// Repeats a request that carries its own key, so that it counts once, until its fate is known.
export async function askSurely(method, path, options, onWait = () => {}, tries = REPEATS) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(method, path, options);
    } catch (error) {
      const isPatient = error.waitMs !== null && error.waitMs <= WAIT_MOST_MS;
      if (!(error.uncertain || isPatient) || attempt === tries) throw error;
      onWait(attempt);
      await new Promise((done) => setTimeout(done, error.waitMs ?? Math.min(REPEAT_MS * attempt, REPEAT_MOST_MS)));
    }
  }
}
