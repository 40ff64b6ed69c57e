// Messages of every kind as whatsapp-api-js sends and receives them: one line of JSON for each.

import { createServer } from "node:http";
import { WhatsAppAPI } from "whatsapp-api-js/middleware/node-http";
import {
  ActionButtons, ActionCallPermission, ActionCatalog, ActionContactRequest, ActionCTA, ActionList, ActionLocation,
  ActionNavigateFlow, ActionProduct, ActionProductList, Audio, Birthday, Body, BodyComponent, BodyParameter, Button,
  CatalogProduct, Contacts, Document, Email, Footer, Header, HeaderComponent, HeaderParameter, Image, Interactive,
  ListSection, Location, Name, PayloadComponent, Phone, Product, ProductSection, Reaction, Row, Sticker, Template, Text,
  URLComponent, Video,
} from "whatsapp-api-js/messages";
import { attempt, BASE, file, LINK, NUMBER, PERSON, receive, tell } from "./simulator.mjs";

// It knows one address only, but takes a function; this one leads that address to the simulator.
const elsewhere = (url, init) => fetch(String(url).replace("https://graph.facebook.com", BASE), init);
const { WA_TOKEN: token, WA_SECRET: appSecret } = process.env;
const client = new WhatsAppAPI({
  token, appSecret, webhookVerifyToken: "verify-me", v: "v24.0", ponyfill: { fetch: elsewhere },
});
const send = (row, message, context, data) => attempt(row, () => client.sendMessage(NUMBER, PERSON, message, context, data));
const interactive = (row, action, body, header, footer) =>
  attempt(row, () => client.sendMessage(NUMBER, PERSON, new Interactive(action, body && new Body(body), header, footer)));

const { first, finish, listen } = await receive(async (heard) => {
  client.on.message = ({ message }) => heard({ id: message.id, seen: message.type });
  client.on.status = ({ id, status }) => heard({ id, status });
  const server = createServer(async (request, response) => {
    try {
      if (request.method === "GET") return response.end(client.handle_get(request));
      response.statusCode = await client.handle_post(request);
      if (response.statusCode !== 200) heard({ refused: response.statusCode });
    } catch (status) {
      response.statusCode = status;
    }
    response.end();
  });
  return server;
}, () => send("text", new Text("Hello")));

await send("text with a preview", new Text("https://example.com/", true));
await send("reply", new Text("Hello"), first);
await send("text with data to come back", new Text("Hello"), undefined, "order 17");
const upload = (row, name, type) => attempt(row, () => {
  const form = new FormData();
  form.set("file", new Blob([file(name)], { type }), "a");
  return client.uploadMedia(NUMBER, form);
});
const picture = (await upload("upload a file", "image", "image/png"))?.id ?? "1";
await send("image by id", new Image(picture, true, "A picture"));
await send("image by link", new Image(LINK, false, "A picture"));
await send("audio by link", new Audio(LINK));
await send("video by link", new Video(LINK, false, "A film"));
await send("document by link", new Document(LINK, false, "A document", "a.pdf"));
await send("sticker by link", new Sticker(LINK));
await send("reaction", new Reaction(first, "\u{1f44d}"));
await send("reaction taken back", new Reaction(first));
await send("location", new Location(-122.15, 37.48, "Garden", "1 Hacker Way"));
await send("contacts", new Contacts([
  new Name("Ann Lee", "Ann"), new Birthday("1990", "01", "31"), new Phone("+16505551235", "HOME", "16505551235"),
  new Email("ann@example.com", "WORK"),
]));
const buttons = () => new ActionButtons(new Button("yes", "Yes"), new Button("no", "No"));
await interactive("buttons", buttons(), "Water them?", new Header("Plants"), new Footer("Lucky Shrub"));
await interactive("buttons under an image", buttons(), "This one?", new Header(new Image(LINK)));
const list = new ActionList("Plants", new ListSection("All", new Row("aloe", "Aloe", "Dry"), new Row("fern", "Fern")));
await interactive("list", list, "Choose");
await interactive("link button", new ActionCTA("See", "https://example.com/"), "Look");
await attempt("link button under an image", () => client.sendMessage(NUMBER, PERSON,
  new Interactive(new ActionCTA("See", "https://example.com/"), new Body("Look"), new Header(new Image(LINK)))));
await interactive("flow", new ActionNavigateFlow("t", "1", "Book", "FIRST"), "Book");
await interactive("product", new ActionProduct(new CatalogProduct("sku", "1")), "A plant");
const products = new ActionProductList("1", new ProductSection("All", new Product("a"), new Product("b")));
await interactive("product list", products, "Choose", new Header("Plants"));
await interactive("catalog", new ActionCatalog(new Product("a")), "All plants");
await interactive("location request", new ActionLocation(), "Where?");
await interactive("contact request", new ActionContactRequest(), "Your number?");
await interactive("call permission request", new ActionCallPermission(), "May we call?");
await send("template", new Template("hello_world", "en_US"));
await send("template with parameters", new Template("order", "en_US",
  new HeaderComponent(new HeaderParameter(new Image(LINK))),
  new BodyComponent(new BodyParameter("Ann"), new BodyParameter("17")),
  new PayloadComponent("no"), new URLComponent("17")));
await send("template with named parameters",
  new Template("named", "en_US", new BodyComponent(new BodyParameter("Ann", "first_name"))));
const question = await listen();
await attempt("mark as read", () => client.markAsRead(NUMBER, question));
await attempt("typing", () => client.markAsRead(NUMBER, question, "text"));
const found = await attempt("read a file", () => client.retrieveMedia(picture));
await attempt("download a file", async () => file("image").equals(Buffer.from(await (await client.fetchMedia(found.url)).arrayBuffer())));
await attempt("delete a file", () => client.deleteMedia(picture));
await finish(async () => (await client.sendMessage(NUMBER, PERSON, new Text("Good bye"))).messages[0].id);
