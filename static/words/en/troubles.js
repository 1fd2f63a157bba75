// What the server says in Spanish of a box that is not well, by its codes.

const MEGABYTE = 1_000_000;
const room = (size) => (size < 1000 * MEGABYTE ? `${Math.round(size / MEGABYTE)} MB` : `${(size / (1000 * MEGABYTE)).toFixed(1)} GB`);
const CAUSES = {
  storage_full: "the disk is full",
  storage_failed: "the disk or the database is failing",
  busy: "another program keeps the database busy",
};

export const troubles = {
  no_writes: { said: ({ causa }) => `Nothing can be saved: ${CAUSES[causa] ?? "the database does not answer"}.`, advice: "Free some space or check the disk; if the database was replaced, restart the server." },
  disk_low: { said: ({ libres }) => `The disk has ${room(libres)} left.`, advice: "Delete or move files: with a full disk no scan is saved." },
  backup_none: { said: () => "There is no backup yet.", advice: "Make the first with “reservas backup”, and schedule one." },
  backup_old: { said: ({ dias }) => `The backup is ${dias} ${dias === 1 ? "day" : "days"} old.`, advice: "Find out why none is made, or make one now with “reservas backup”." },
  scans_slow: { said: ({ ms }) => `Scans are slow: 1 in 100 takes more than ${ms} ms.`, advice: "See what else uses the machine: another program, a running copy, a slow disk." },
  delivery_slow: { said: ({ ms }) => `Changes are slow to reach the screens: 1 in 100 takes more than ${ms} ms.`, advice: "See what else uses the machine, and how many screens are open." },
  changes_wait: { said: ({ segundos }) => `Changes wait ${segundos} s to be saved.`, advice: "Another program writes to the database, or the disk is slow." },
  failing: { said: ({ veces }) => `${veces} requests failed within 10 minutes.`, advice: "Look at the last errors on this page, and at the server’s log." },
  slow_readers: { said: ({ veces }) => `${veces} times in 10 minutes a screen could not keep up.`, advice: "Usually weak Wi-Fi: move the device or the access point closer." },
  reconnects: { said: ({ veces }) => `The screens reconnected ${veces} times in 10 minutes.`, advice: "Usually the Wi-Fi: check the signal where the screens are." },
  guessing: { said: ({ veces }) => `${veces} wrong passwords within 10 minutes.`, advice: "Somebody tries passwords; if it is nobody of the house, close the guests’ network." },
  wal_large: { said: ({ bytes }) => `The write-ahead log has grown to ${room(bytes)}.`, advice: "A program has had the database open for long; close it." },
};

export const mishaps = {
  disk: { said: () => "The disk was full.", advice: "Delete or move files: without space nothing is saved." },
  busy: { said: () => "Another program kept the database busy.", advice: "Close what has it open; what was not saved repeats by itself." },
  database: { said: () => "The disk or the database failed.", advice: "Check the disk; “reservas check” says whether the data are well." },
  crowded: { said: () => "A single machine opened too many connections.", advice: "If there is a proxy in front, say so with RESERVAS_PROXIES (docs/proxy.md)." },
  alert: { said: () => "An alert could not be sent.", advice: "Check the e-mail or the webhook with “reservas alert-test”." },
  streams: { said: () => "A screen’s live connection failed.", advice: "The screen comes back by itself; if it goes on, tell whoever looks after the program." },
  machine: { said: () => "The system ran short of something.", advice: "Restart the server; if it goes on, look at memory and open files." },
  worker: { said: () => "A process of the server stopped or took too long.", advice: "Another takes its place; if it goes on, look at the machine’s memory." },
  night: { said: () => "The night could not be closed.", advice: "It is tried again; if it goes on, close it in Summary." },
  unexpected: { said: () => "An error that the program did not expect.", advice: "Tell whoever looks after the program, with the time and place shown here." },
};
