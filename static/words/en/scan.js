// The list's own small door.

export const scan = {
  title: "Door",
  code: "QR code",
  enter: "Check in",
};
