// Somebody sets an authenticator app up and signs in with its codes. The app is our own reading of RFC 6238, not Keeper's.
import { createHmac } from "node:crypto";
import { lookAt } from "./axe.mjs";
import { need, visit } from "./visit.mjs";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
// Keeper's clock, which stands still here.
const NOW = Number(need("JOURNEY_SECONDS"));
const HOME = "/account/second-factor";

const codeOf = (key, seconds) => {
  const bits = [...key.replaceAll(" ", "")].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const mac = createHmac("sha1", secret).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
};

await visit(need("JOURNEY_NAME"), async ({ page, script, go, see, expect, submit, follow, look }) => {
  const path = () => new URL(page.url()).pathname;
  const lookRound = async (what) => {
    await look(what);
    if (!script) return;
    const found = await lookAt(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(`${what} without a fault: ${found.join("; ")}`, found.length === 0);
  };
  const signIn = async () => {
    await go("/login?next=%2Faccount");
    await page.fill("#f-username", need("JOURNEY_NAME"));
    await page.fill("#f-password", need("JOURNEY_PASSWORD"));
    await submit("/login");
  };
  const give = async (field, text) => {
    await page.fill(field, text);
    await Promise.all([page.waitForNavigation(), page.press(field, "Enter")]);
  };

  await go("/account");
  await follow(page.locator(`a[href="${HOME}"]`));
  await submit(HOME);
  expect("the page with the picture", path() === `${HOME}/new` && (await page.locator("svg.qr path").getAttribute("d")).startsWith("M4 4h1v1h-1z"));
  await lookRound("new");
  const key = await page.locator("[aria-label='Key for the app']").textContent();
  await give("#f-code", codeOf(key, NOW - 600));
  await see("not the app’s present one");
  await give("#f-code", codeOf(key, NOW));
  await lookRound("codes");
  const codes = (await page.locator("#f-made").textContent()).trim().split("\n");
  expect("ten recovery codes", codes.length === 10);
  await follow(page.getByText("I have them"));
  await see("10 of 10 left");
  await lookRound("active");
  await go("/step-up?next=%2Faccount");
  expect("a field for the code", await page.locator("#f-code").count() === 1);
  await lookRound("step-up");

  // Out, and in again: the code that set it up is used; the next one is taken half a minute early.
  await go("/account");
  await submit("/logout");
  await signIn();
  await see("One more step");
  await lookRound("login-code");
  await give("#f-code", codeOf(key, NOW));
  await see("was used already");
  await lookRound("login-code-refused");
  await give("#f-code", codeOf(key, NOW + 30));
  expect("the account's page", path() === "/account");
  await submit("/logout");
  await signIn();
  await page.locator("summary").click();
  await lookRound("login-recovery");
  await give("#f-recovery", codes[0].toLowerCase());
  expect("the account's page", path() === "/account");
  await see("Signed in with a recovery code");
  await go(HOME);
  await submit(`${HOME}/remove`);
  await see("Removed.");
  await lookRound("account");
});
