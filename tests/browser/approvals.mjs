// Four eyes: a user plans a rotation and asks for it, a manager refuses; asked for anew it is approved; then the glass is broken to
// bring the former value back, which another manager acknowledges.
import { need, visit } from "./visit.mjs";

const secret = `/secrets/${need("JOURNEY_SECRET")}`;
let rotation;

const ask = ({ page, go, see, expect, submit, follow, look }) => async (name) => {
  await go(secret);
  await follow(page.getByText("Ask for a rotation…"));
  await see("Wait for another person");
  await page.check("input[name=mode][value=typed]");
  await page.fill("#f-new_value", "the second value");
  await page.fill("#f-reason", "the contractor has left");
  await look(`${name}-plan`);
  await submit(`${secret}/rotate`);
  rotation = new URL(page.url()).pathname;
  expect("the rotation's page", /^\/rotations\/\d+$/.test(rotation));
  await see("It waits for another person.");
  await look(`${name}-waits`);
};

await visit("uma", async (tools) => ask(tools)("first"));

await visit("max", async ({ page, go, see, submit, look }) => {
  await go("/");
  await see("Waiting for you");
  await look("dashboard");
  await go(rotation);
  await see("the contractor has left");
  await see("16 bytes");
  await look("decide");
  await page.fill("#f-reason", "not before Monday");
  await submit(`${rotation}/reject`);
  await see("Rejected.");
  await look("rejected");
});

await visit("uma", async (tools) => {
  await tools.go(rotation);
  await tools.see("Not before Monday");
  await ask(tools)("second");
  await tools.submit(`${rotation}/withdraw`);
  await tools.see("Withdrawn.");
  await ask(tools)("third");
});

await visit("max", async ({ page, go, see, expect, submit, follow, look }) => {
  await go(rotation);
  await submit(`${rotation}/approve`);
  await see("Version 2 is in force everywhere.");
  await look("approved");
  await go(`${secret}/versions`);
  await page.locator('summary[aria-label="Actions on version 1"]').click();
  await follow(page.getByText("Bring back…"));
  await page.fill("#f-reason", "the shop is down");
  await look("glass");
  await Promise.all([page.waitForNavigation(), page.locator("button[name=break_glass]").click()]);
  await see("Version 3 is in force everywhere.");
  await see("max broke the glass.");
  expect("nothing for oneself to acknowledge", (await page.getByText("Acknowledge", { exact: true }).count()) === 0);
  await look("broken");
});

await visit("mia", async ({ page, go, see, text, expect, follow, look }) => {
  await go("/");
  await see("max broke the glass.");
  await look("banner");
  await follow(page.getByText("Acknowledge", { exact: true }));
  await see("Acknowledged.");
  expect("no banner any more", !(await text()).includes("broke the glass"));
});

console.log("asked, refused, withdrawn, approved, rolled back through broken glass, acknowledged");
