// What of the door is not sent yet.

export const queue = {
  states: { waiting: "waiting", conflict: "in conflict", refused: "refused" },
  unsent: (count) => `Not sent: ${count}`,
  allSent: "All is sent.",
  toReview: (count) => `To review: ${count}`,
  seen: "Got it",
  box: "Not sent",
  title: "Not sent, and to review",
  retry: "Try again now",
  notKept: "This phone does not keep what is waiting: leave this page open.",
};
