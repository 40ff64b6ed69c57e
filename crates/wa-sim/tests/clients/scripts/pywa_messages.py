"""Messages of every kind as pywa sends and receives them: one line of JSON for each, with what pywa makes of it."""

import base64
import http.server
import json
import os
import queue
import ssl
import threading

import httpx
from pywa import WhatsApp, errors
from pywa.types import (
    Button, CallPermissionRequestButton, Contact, ContactInfoRequestButton, FlowButton, ImageCarouselCard, ProductsSection,
    Section, SectionList, SectionRow, URLButton, VoiceCallButton,
)
from pywa.types.flows import FlowActionType
from pywa.types.templates import BodyText, HeaderImage, QuickReplyButton, TemplateLanguage, URLButton as TemplateURLButton
from pywa.handlers import (
    CallbackButtonHandler, CallbackSelectionHandler, FlowCompletionHandler, MessageHandler, MessageStatusHandler,
    PhoneNumberChangeHandler,
)

BASE = httpx.URL(os.environ["WA_BASE"])
NUMBER = os.environ["WA_NUMBER"]
PERSON = "16505551234"
FILES = {name: base64.b64decode(text) for name, text in json.loads(os.environ["WA_FILES"]).items()}
TRUST = ssl.create_default_context(cafile=os.environ["WA_AUTHORITY"])
LINK = "https://example.com/file"


class Elsewhere(httpx.HTTPTransport):
    """pywa knows one address only, but takes an HTTP client; this one leads that address to the simulator."""

    def handle_request(self, request):
        request.url = request.url.copy_with(scheme=BASE.scheme, host=BASE.host, port=BASE.port)
        request.headers["host"] = f"{BASE.host}:{BASE.port}"
        return super().handle_request(request)


def tell(row, **found):
    print(json.dumps({"row": row, **found}), flush=True)


def attempt(row, work):
    try:
        result = work()
        identity = getattr(result, "id", None)
        tell(row, id=str(identity)) if identity else tell(row, result=bool(result))
        return result
    except errors.WhatsAppError as error:
        tell(row, code=error.code, details=error.details)
    except Exception as error:
        tell(row, error=f"{type(error).__name__}: {error}")


people = httpx.Client(base_url=BASE, verify=TRUST, trust_env=False)
session = httpx.Client(mounts={"https://graph.facebook.com": Elsewhere(verify=TRUST)}, verify=TRUST, trust_env=False)
wa = WhatsApp(phone_id=NUMBER, token=os.environ["WA_TOKEN"], waba_id=os.environ["WA_ACCOUNT"], session=session,
              app_id=os.environ["WA_APP"], app_secret=os.environ["WA_SECRET"], verify_token="verify-pywa")
heard = queue.Queue()


class Callback(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = httpx.URL(self.path).params
        text, status = wa.webhook_challenge_handler(query.get("hub.verify_token"), query.get("hub.challenge"))
        self.answer(status, text)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        refusal = wa.webhook_update_validator(body, self.headers.get("x-hub-signature-256"))
        text, status = refusal or wa.webhook_update_handler(body)
        if refusal:
            heard.put(("refused", status))
        self.answer(status, text)

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def hear(_, update):
    heard.put((type(update).__name__, update))


for handler in (MessageHandler, CallbackButtonHandler, CallbackSelectionHandler, FlowCompletionHandler,
                PhoneNumberChangeHandler, MessageStatusHandler):
    wa.add_handlers(handler(hear))
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback)
threading.Thread(target=server.serve_forever, daemon=True).start()


def control(**what):
    return people.post("/_sim/control", json=what).raise_for_status().json()


def subscribe(token):
    callback = {"url": f"http://127.0.0.1:{server.server_port}/", "verify_token": token}
    return people.put(f"/_sim/apps/{os.environ['WA_APP']}/callback", json=callback).is_success


tell("another verify token is refused", result=not subscribe("another"))
tell("handshake", result=subscribe("verify-pywa"))

for case in json.loads(os.environ["WA_PEOPLE"]):
    sent = control(receive_message={"number": NUMBER, "from": PERSON, "message": case["message"]})
    try:
        name, update = heard.get(timeout=5)
        tell(case["row"], id=update.id, sent=sent["message"], seen=name)
    except queue.Empty:
        tell(case["row"], error="no handler was called")

first = attempt("text", lambda: wa.send_message(PERSON, "Hello"))
attempt("text with a preview", lambda: wa.send_message(PERSON, "https://example.com/", preview_url=True))
attempt("reply", lambda: wa.send_message(PERSON, "Hello", reply_to_message_id=first.id))
attempt("text with data to come back", lambda: wa.send_message(PERSON, "Hello", tracker="order 17"))
media = attempt("upload a file", lambda: wa.upload_media(FILES["image"], mime_type="image/png", filename="a.png"))
attempt("image by id", lambda: wa.send_image(PERSON, media.id, caption="A picture", mime_type="image/png"))
attempt("image by link", lambda: wa.send_image(PERSON, LINK, caption="A picture"))
attempt("audio by link", lambda: wa.send_audio(PERSON, LINK))
attempt("voice message", lambda: wa.send_voice(PERSON, FILES["voice"], mime_type="audio/ogg"))
attempt("video by link", lambda: wa.send_video(PERSON, LINK, caption="A film"))
attempt("document by link", lambda: wa.send_document(PERSON, LINK, filename="a.pdf", caption="A document"))
attempt("document by id", lambda: wa.send_document(PERSON, FILES["document"], filename="a.pdf", mime_type="application/pdf"))
attempt("sticker by id", lambda: wa.send_sticker(PERSON, FILES["sticker"], mime_type="image/webp"))
attempt("sticker by link", lambda: wa.send_sticker(PERSON, LINK))
attempt("reaction", lambda: wa.send_reaction(PERSON, "\U0001f44d", first.id))
attempt("reaction taken back", lambda: wa.remove_reaction(PERSON, first.id))
attempt("location", lambda: wa.send_location(PERSON, 37.48, -122.15, name="Garden", address="1 Hacker Way"))
contact = Contact(name=Contact.Name(formatted_name="Ann Lee", first_name="Ann"), birthday="1990-01-31",
                  phones=[Contact.Phone(phone="+16505551235", type="HOME", wa_id="16505551235")],
                  emails=[Contact.Email(email="ann@example.com", type="WORK")])
attempt("contacts", lambda: wa.send_contact(PERSON, contact))
buttons = [Button("Yes", "yes"), Button("No", "no")]
attempt("buttons", lambda: wa.send_message(PERSON, "Water them?", header="Plants", footer="Lucky Shrub", buttons=buttons))
attempt("buttons under an image", lambda: wa.send_image(PERSON, LINK, caption="This one?", buttons=buttons))
rows = [SectionRow("Aloe", "aloe", "Dry"), SectionRow("Fern", "fern")]
attempt("list", lambda: wa.send_message(PERSON, "Choose", buttons=SectionList("Plants", [Section("All", rows)])))
attempt("link button", lambda: wa.send_message(PERSON, "Look", buttons=URLButton("See", "https://example.com/")))
attempt("link button under an image", lambda: wa.send_image(PERSON, LINK, caption="Look",
                                                            buttons=URLButton("See", "https://example.com/")))
attempt("flow", lambda: wa.send_message(PERSON, "Book", buttons=FlowButton(
    title="Book", flow_id="1", flow_token="t", flow_action_type=FlowActionType.NAVIGATE, flow_action_screen="FIRST")))
attempt("product", lambda: wa.send_product(PERSON, "1", "sku", body="A plant"))
attempt("product list", lambda: wa.send_products(PERSON, "1", [ProductsSection("All", ["a", "b"])], "Plants", "Choose"))
attempt("catalog", lambda: wa.send_catalog(PERSON, "All plants", thumbnail_product_sku="a"))
attempt("location request", lambda: wa.request_location(PERSON, "Where?"))
attempt("contact request", lambda: wa.request_contact_info(PERSON, "Your number?"))
attempt("call permission request", lambda: wa.send_message(PERSON, "May we call?", buttons=CallPermissionRequestButton()))
attempt("call button", lambda: wa.send_message(PERSON, "Call us", buttons=VoiceCallButton("Call", 60)))
cards = [ImageCarouselCard(image=LINK, body="A plant", buttons=URLButton("See", "https://example.com/"))] * 2
attempt("carousel of links", lambda: wa.send_carousel(PERSON, body="Plants", cards=cards))
cards = [ImageCarouselCard(image=LINK, body="A plant", buttons=[Button("This", identity)]) for identity in ("a", "b")]
attempt("carousel of buttons", lambda: wa.send_carousel(PERSON, body="Plants", cards=cards))
english = TemplateLanguage.ENGLISH_US
attempt("template", lambda: wa.send_template(PERSON, "hello_world", english))
attempt("template with parameters", lambda: wa.send_template(PERSON, "order", english, [
    HeaderImage.params(image=LINK), BodyText.params("Ann", "17"), QuickReplyButton.params(callback_data="no", index=0),
    TemplateURLButton.params(url_variable="17", index=1)]))
attempt("template with named parameters", lambda: wa.send_template(PERSON, "named", english, [BodyText.params(first_name="Ann")]))
attempt("pin in a group", lambda: wa.pin_message("group", first.id, expiration_days=7))
question = control(receive_text={"number": NUMBER, "from": PERSON, "text": "Hello?"})["message"]
heard.get(timeout=5)
attempt("mark as read", lambda: wa.mark_message_as_read(question))
attempt("typing", lambda: wa.indicate_typing(question))
url = attempt("read a file", lambda: wa.get_media_url(media.id))
attempt("download a file", lambda: wa.get_media_bytes(url.url) == FILES["image"])
attempt("delete a file", lambda: wa.delete_media(media.id))

last = wa.send_message(PERSON, "Good bye").id
people.post("/_sim/clock", json={"advance": "2m"}).raise_for_status()
control(set_status={"number": NUMBER, "message": first.id, "status": "failed", "error": 131026})
missing = {("sent", last), ("delivered", last), ("read", last), ("failed", first.id)}
try:
    while missing:
        _, update = heard.get(timeout=5)
        key = (str(update.status.value), update.id)
        if key in missing:
            missing.remove(key)
            tell(f"status {key[0]}", id=update.id, seen=type(update).__name__)
except queue.Empty:
    for status, _ in missing:
        tell(f"status {status}", error="no handler was called")
delivery = control(receive_text={"number": NUMBER, "from": PERSON, "text": "Bye"})["deliveries"][0]
heard.get(timeout=5)
people.post(f"/_sim/webhooks/{delivery}/tamper").raise_for_status()
tell("a changed webhook is refused", result=heard.get(timeout=5)[0] == "refused")
