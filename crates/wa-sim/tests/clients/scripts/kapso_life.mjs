// The life of a number as @kapso/whatsapp-cloud-api lives it: one line of JSON for each call.

import { GraphApiError, WhatsAppClient } from "@kapso/whatsapp-cloud-api";

const { WA_BASE: baseUrl, WA_TOKEN: accessToken, WA_NUMBER: phoneNumberId, WA_ACCOUNT: account } = process.env;
const client = new WhatsAppClient({ baseUrl, accessToken, graphVersion: "v23.0" });
const numbers = client.phoneNumbers;
// Ten attempts, less those before.
const FREE = 10 - 5;

const tell = (call, found) => console.log(JSON.stringify({ call, ...found }));
async function tellError(call, work) {
  try {
    tell(call, { result: await work() });
  } catch (error) {
    if (!(error instanceof GraphApiError)) throw error;
    const { httpStatus: status, code, category, fbtraceId: trace, retry } = error;
    tell(call, { status, code, category, trace, retry: retry?.action });
  }
}
const read = (fields) => client.request("GET", phoneNumberId, { query: { fields }, responseType: "json" });
const sim = (path, body) => fetch(`${baseUrl}/_sim/${path}`, body && {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
}).then((response) => response.json());

tell("read", await read("status,code_verification_status"));
await tellError("register too early", () => numbers.register({ phoneNumberId, pin: "012345" }));
tell("request_code", await numbers.requestCode({ phoneNumberId, codeMethod: "SMS", language: "en_US" }));
await tellError("wrong code", () => numbers.verifyCode({ phoneNumberId, code: "000000" }));
const { sent_code: code } = await sim(`numbers/${phoneNumberId}`);
tell("verify_code", await numbers.verifyCode({ phoneNumberId, code }));
tell("register", await numbers.register({ phoneNumberId, pin: "012345" }));
tell("read", await read("status,platform_type,is_pin_enabled"));
const list = await client.request("GET", `${account}/phone_numbers`, { responseType: "json" });
tell("list", { ids: list.data.map((one) => one.id) });
await tellError("wrong PIN", () => numbers.register({ phoneNumberId, pin: "543210" }));
tell("two-step PIN", await client.request("POST", phoneNumberId, { body: { pin: "123456" }, responseType: "json" }));
tell("update settings", await numbers.settings.update({ phoneNumberId, calling: { status: "ENABLED" } }));
tell("read settings", { calling: (await numbers.settings.get({ phoneNumberId })).calling?.status });
tell("update profile", await numbers.businessProfile.update({ phoneNumberId, about: "Succulents" }));
tell("read profile", { about: (await numbers.businessProfile.get({ phoneNumberId, fields: "about" })).data[0].about });
await sim(`numbers/${phoneNumberId}/text`, { from: "16505551234", text: "Hello" });
const sent = await client.messages.sendText({ phoneNumberId, to: "16505551234", body: "Hello to you" });
tell("message", { id: sent.messages[0].id });
tell("deregister", await numbers.deregister({ phoneNumberId }));
await tellError("deregister again", () => numbers.deregister({ phoneNumberId }));
tell("read", await read("status,platform_type"));
await sim("clock", { advance: "10m" });
for (let count = 0; count < FREE; count += 1) await numbers.register({ phoneNumberId, pin: "123456" });
await tellError("eleventh attempt", () => numbers.register({ phoneNumberId, pin: "123456" }));
