// People without a reservation.

export const walkin = {
  box: "Walk-in",
  title: "Walk-in",
  counted: (people) => `Walk-in: +${people}`,
};
