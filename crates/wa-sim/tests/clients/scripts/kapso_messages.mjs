// Messages of every kind as @kapso/whatsapp-cloud-api sends and receives them: one line of JSON for each.

import { createServer } from "node:http";
import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { attempt, BASE as baseUrl, file, LINK as link, NUMBER as phoneNumberId, PERSON as to, receive } from "./simulator.mjs";

const { WA_TOKEN: accessToken, WA_SECRET: appSecret } = process.env;
const client = new WhatsAppClient({ baseUrl, accessToken, graphVersion: "v23.0" });
const { messages, media } = client;
const send = (row, how, members) => attempt(row, () => messages[how]({ phoneNumberId, to, ...members }));

// It checks signatures and reads webhooks; the question to a callback is the program's own work.
const { first, finish, listen } = await receive((heard) => createServer(async (request, response) => {
  const query = new URL(request.url, "http://localhost").searchParams;
  if (request.method === "GET") {
    const isRight = query.get("hub.verify_token") === "verify-me";
    response.statusCode = isRight ? 200 : 403;
    return response.end(isRight ? query.get("hub.challenge") : "");
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const rawBody = Buffer.concat(chunks);
  if (!verifySignature({ appSecret, rawBody, signatureHeader: request.headers["x-hub-signature-256"] })) {
    response.statusCode = 401;
    heard({ refused: 401 });
    return response.end();
  }
  const found = normalizeWebhook(JSON.parse(rawBody));
  for (const { id, type } of found.messages) heard({ id, seen: type });
  for (const { id, status } of found.statuses) heard({ id, status });
  response.end();
}), () => send("text", "sendText", { body: "Hello" }));

await send("text with a preview", "sendText", { body: "https://example.com/", previewUrl: true });
await send("reply", "sendText", { body: "Hello", contextMessageId: first });
await send("text with data to come back", "sendText", { body: "Hello", bizOpaqueCallbackData: "order 17" });
const upload = async (row, name, type) => (await attempt(row, () => media.upload({
  phoneNumberId, type, fileName: "a", file: new Blob([file(name)], { type }),
})))?.id;
const picture = await upload("upload a file", "image", "image/png");
const ids = {};
for (const [name, type] of [["voice", "audio/ogg"], ["document", "application/pdf"], ["sticker", "image/webp"]]) {
  ids[name] = (await media.upload({ phoneNumberId, type, fileName: "a", file: new Blob([file(name)], { type }) })).id;
}
await send("image by id", "sendImage", { image: { id: picture, caption: "A picture" } });
await send("image by link", "sendImage", { image: { link, caption: "A picture" } });
await send("audio by link", "sendAudio", { audio: { link } });
await send("voice message", "sendAudio", { audio: { id: ids.voice, voice: true } });
await send("video by link", "sendVideo", { video: { link, caption: "A film" } });
await send("document by link", "sendDocument", { document: { link, filename: "a.pdf", caption: "A document" } });
await send("document by id", "sendDocument", { document: { id: ids.document, filename: "a.pdf" } });
await send("sticker by id", "sendSticker", { sticker: { id: ids.sticker } });
await send("sticker by link", "sendSticker", { sticker: { link } });
await send("reaction", "sendReaction", { reaction: { messageId: first, emoji: "\u{1f44d}" } });
await send("reaction taken back", "sendReaction", { reaction: { messageId: first, emoji: "" } });
const place = { latitude: 37.48, longitude: -122.15, name: "Garden", address: "1 Hacker Way" };
await send("location", "sendLocation", { location: place });
await send("contacts", "sendContacts", { contacts: [{
  name: { formattedName: "Ann Lee", firstName: "Ann" }, birthday: "1990-01-31",
  phones: [{ phone: "+16505551235", type: "HOME", waId: "16505551235" }],
  emails: [{ email: "ann@example.com", type: "WORK" }],
}] });
const buttons = [{ id: "yes", title: "Yes" }, { id: "no", title: "No" }];
const picked = { type: "image", image: { link } };
await send("buttons", "sendInteractiveButtons", {
  bodyText: "Water them?", header: { type: "text", text: "Plants" }, footerText: "Lucky Shrub", buttons,
});
await send("buttons under an image", "sendInteractiveButtons", { bodyText: "This one?", header: picked, buttons });
const rows = [{ id: "aloe", title: "Aloe", description: "Dry" }, { id: "fern", title: "Fern" }];
await send("list", "sendInteractiveList", { bodyText: "Choose", buttonText: "Plants", sections: [{ title: "All", rows }] });
const parameters = { displayText: "See", url: "https://example.com/" };
await send("link button", "sendInteractiveCtaUrl", { bodyText: "Look", parameters });
await send("link button under an image", "sendInteractiveCtaUrl", { bodyText: "Look", header: picked, parameters });
await send("flow", "sendInteractiveFlow", { bodyText: "Book", parameters: {
  flowId: "1", flowCta: "Book", flowToken: "t", flowAction: "navigate", flowActionPayload: { screen: "FIRST" },
} });
await send("product", "sendInteractiveProduct", { bodyText: "A plant", catalogId: "1", productRetailerId: "sku" });
await send("product list", "sendInteractiveProductList", {
  bodyText: "Choose", header: { type: "text", text: "Plants" }, catalogId: "1",
  sections: [{ title: "All", productItems: [{ productRetailerId: "a" }, { productRetailerId: "b" }] }],
});
await send("catalog", "sendInteractiveCatalogMessage", {
  bodyText: "All plants", parameters: { thumbnailProductRetailerId: "a" },
});
await send("location request", "sendInteractiveLocationRequest", { bodyText: "Where?", parameters: { requestMessage: "Where?" } });
await send("address request", "sendInteractiveAddress", { bodyText: "Your address?", parameters: { country: "IN" } });
await send("call permission request", "sendInteractiveCallPermission", {
  bodyText: "May we call?", parameters: { phoneNumber: "15550783881" },
});
const cards = (action) => [0, 1].map((cardIndex) => ({
  cardIndex, header: picked, bodyText: "A plant", action: action(`card ${cardIndex}`),
}));
await send("carousel of links", "sendInteractiveCarousel", { bodyText: "Plants", cards: cards(() => parameters) });
await send("carousel of buttons", "sendInteractiveCarousel", {
  bodyText: "Plants", cards: cards((id) => ({ buttons: [{ id, title: "This" }] })),
});
const language = { code: "en_US" };
await send("template", "sendTemplate", { template: { name: "hello_world", language } });
const text = (value, parameterName) => ({ type: "text", text: value, parameterName });
await send("template with parameters", "sendTemplate", { template: { name: "order", language, components: [
  { type: "header", parameters: [picked] }, { type: "body", parameters: [text("Ann"), text("17")] },
  { type: "button", subType: "quick_reply", index: 0, parameters: [{ type: "payload", payload: "no" }] },
  { type: "button", subType: "url", index: 1, parameters: [text("17")] },
] } });
await send("template with named parameters", "sendTemplate", { template: {
  name: "named", language, components: [{ type: "body", parameters: [text("Ann", "first_name")] }],
} });
const messageId = await listen();
await attempt("mark as read", () => messages.markRead({ phoneNumberId, messageId }));
await attempt("typing", () => messages.markRead({ phoneNumberId, messageId, typingIndicator: { type: "text" } }));
await attempt("read a file", () => media.get({ mediaId: picture }));
await attempt("download a file", async () => file("image").equals(Buffer.from(await media.download({ mediaId: picture }))));
await attempt("delete a file", () => media.delete({ mediaId: picture }));
await finish(async () => (await messages.sendText({ phoneNumberId, to, body: "Good bye" })).messages[0].id);
