// The bar at the top.

export const frame = {
  evening: "Tonight",
  plan: "Floor plan",
  waitlist: "Waiting list",
  summary: "Summary",
  door: "Door",
  screens: "Screens",
};
