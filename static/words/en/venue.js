// The settings of a venue.

export const venue = {
  box: "Venue",
  cutoff: "The night ends at",
  cutoffHint: "A code is good on its own night. Reservations already made keep theirs.",
  margin: "Hours of grace before and after",
  capacity: "Capacity (guests)",
  unlimited: "No limit",
  export: "Take the data along",
  exportHint: "Everything of the venue in a .zip, for spreadsheets and programs.",
  saved: "Venue saved",
};
