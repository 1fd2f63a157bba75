// Where a guest's link opens, and the number that WhatsApp is given.

import assert from "node:assert/strict";
import { test } from "node:test";

import { reach, whatsappLink, whatsappNumber } from "../../static/share.js";

const HERE = "America/Guayaquil";

test("a number with its country stays, however it is written", () => {
  for (const phone of ["+593 98 612 3456", "+593-98-6123456", "00593986123456", " +593986123456 "]) {
    assert.equal(whatsappNumber(phone, HERE), "593986123456");
    assert.equal(whatsappNumber(phone, "Europe/Madrid"), "593986123456");
  }
});

test("the zero of Ecuador goes after its country", () => {
  for (const phone of ["+593 098 612 3456", "+593 (0) 98 612 3456", "00593 0986123456", "593 0986123456"]) {
    assert.equal(whatsappNumber(phone, HERE), "593986123456", phone);
  }
});

test("a number of Ecuador gets its country in Ecuador alone", () => {
  assert.equal(whatsappNumber("0986123456", HERE), "593986123456");
  assert.equal(whatsappNumber("098 612-3456", "Pacific/Galapagos"), "593986123456");
  assert.equal(whatsappNumber("593986123456", HERE), "593986123456");
  assert.equal(whatsappNumber("0986123456", "America/Bogota"), "");
});

test("what is no whole number opens WhatsApp without one", () => {
  for (const phone of [undefined, "", "123", "no tiene", "+", "+0986123456", "09861234567", "986123456"]) {
    assert.equal(whatsappNumber(phone, HERE), "", phone);
  }
  assert.equal(whatsappLink(undefined, HERE, "a b"), "https://wa.me/?text=a%20b");
});

test("the text cannot leave its place in the address", () => {
  const link = new URL(whatsappLink("0986123456", HERE, "¿Ana & Luis? #1\nhttps://x.test/t/a"));
  assert.equal(link.pathname, "/593986123456");
  assert.equal(link.searchParams.get("text"), "¿Ana & Luis? #1\nhttps://x.test/t/a");
});

test("an address says how far it reaches", () => {
  const by = {
    here: ["127.0.0.1", "localhost", "a.localhost", "[::1]"],
    house: ["192.168.1.20", "10.0.0.5", "172.16.0.1", "172.31.9.9", "caja.local", "caja", "bar.lan", "[fe80::1]", "[fd00::2]"],
    anywhere: ["reservas.mibar.ec", "172.32.0.1", "8.8.8.8", "[2001:db8::1]", "localhost.ec", "10.ec.example"],
  };
  for (const [wanted, names] of Object.entries(by)) {
    for (const name of names) assert.equal(reach(name), wanted, name);
  }
});
