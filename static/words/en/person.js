// A person with their nights, and erasing their data.

export const person = {
  box: "Person",
  open: "Person",
  erase: "Erase their data",
  ask: "Their name, phone, email, birthday, notes and every text of theirs are erased, on all their nights. Numbers stay: visits, guests and no-shows. This cannot be undone.",
  confirm: "Yes, erase for good",
  cancel: "Keep",
  erased: "Data erased",
  erasing: "Data erased; the file is cleaned when the venue is quiet",
};
