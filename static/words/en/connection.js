// How fresh the screen is, and what became of a request without an answer.

export const connection = {
  live: "Live",
  connecting: "Connecting…",
  stale: "Catching up…",
  reconnecting: "Reconnecting…",
  offline: "No connection to the server",
  polling: (seconds) => `Updates every ${seconds} s`,
  resting: "Paused",
  odd: "The server gave an unexpected answer.",
  unread: "The server is not answering.",
  unsaved: "The server is not answering; it may or may not have been saved.",
};
