// The guest's link of a reservation.

export const share = {
  title: "Reservation",
  file: "reservation.png",
  here: "This address opens on this computer only: the guest will not be able to open the link.",
  house: "This address opens on the venue’s network only: elsewhere the guest will not be able to open the link.",
  codeChanged: "The code has changed: the earlier one no longer works. Send them the new one.",
  link: "Guest link",
  copy: "Copy link",
  copied: "Copied",
  share: "Share",
  again: "Ready: tap Share again.",
};
