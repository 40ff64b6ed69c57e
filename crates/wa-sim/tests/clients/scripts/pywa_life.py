"""The life of a number as pywa lives it: one line of JSON for each call, with what pywa makes of the answer."""

import json
import os
import ssl

import httpx
from pywa import WhatsApp, errors
from pywa.types import Industry

BASE = httpx.URL(os.environ["WA_BASE"])
NUMBER = os.environ["WA_NUMBER"]
# Ten attempts, less those before.
FREE = 10 - 5
TRUST = ssl.create_default_context(cafile=os.environ["WA_AUTHORITY"])


class Elsewhere(httpx.HTTPTransport):
    """pywa knows one address only, but takes an HTTP client; this one leads that address to the simulator."""

    def handle_request(self, request):
        request.url = request.url.copy_with(scheme=BASE.scheme, host=BASE.host, port=BASE.port)
        request.headers["host"] = f"{BASE.host}:{BASE.port}"
        return super().handle_request(request)


def tell(call, **found):
    print(json.dumps({"call": call, **found}), flush=True)


def tell_error(call, work):
    try:
        tell(call, result=str(work()))
    except errors.WhatsAppError as error:
        tell(call, error=type(error).__name__, code=error.code, details=error.details, trace=error.fbtrace_id)


def code_on_the_phone():
    return people.get(f"/_sim/numbers/{NUMBER}").json()["sent_code"]


people = httpx.Client(base_url=BASE, verify=TRUST, trust_env=False)
session = httpx.Client(mounts={"https://graph.facebook.com": Elsewhere(verify=TRUST)}, trust_env=False)
wa = WhatsApp(phone_id=NUMBER, token=os.environ["WA_TOKEN"], waba_id=os.environ["WA_ACCOUNT"], session=session)

number = wa.get_business_phone_number()
tell("read", status=number.status, verification=number.code_verification_status, name=number.verified_name)
tell_error("register too early", lambda: wa.register_phone_number("012345"))
tell("request_code", success=bool(wa.request_verification_code(code_method="SMS", language_code="en_US")))
tell_error("wrong code", lambda: wa.verify_phone_number("000000"))
tell("verify_code", success=bool(wa.verify_phone_number(code_on_the_phone())))
tell("register", success=bool(wa.register_phone_number("012345")))
number = wa.get_business_phone_number()
tell("read", status=number.status, verification=number.code_verification_status, platform=number.platform_type,
     pin=number.is_pin_enabled)
tell("list", ids=[one.id for one in wa.get_business_phone_numbers()])
tell_error("wrong PIN", lambda: wa.register_phone_number("543210"))
tell("update_display_name", success=bool(wa.update_display_name("Lucky Shrub Garden")))
# pywa cannot read a profile without an industry.
profile = {"about": "Succulents", "industry": Industry.RETAIL, "websites": ["https://example.com/"]}
tell("update_business_profile", success=bool(wa.update_business_profile(**profile)))
tell("get_business_profile", about=wa.get_business_profile().about)
tell("read settings", calling=wa.get_business_phone_number_settings().calling.status.value)
people.post("/_sim/control", json={"receive_text": {"number": NUMBER, "from": "16505551234", "text": "Hello"}}).raise_for_status()
tell("send_message", id=str(wa.send_message(to="16505551234", text="Hello to you").id))
tell("deregister", success=bool(wa.deregister_phone_number()))
tell_error("deregister again", wa.deregister_phone_number)
number = wa.get_business_phone_number()
tell("read", status=number.status, platform=number.platform_type)
tell_error("create_phone_number", lambda: wa.create_phone_number(
    country_calling_code="1", phone_number="6315550101", verified_name="Lucky Shrub"))
people.post("/_sim/clock", json={"advance": "10m"}).raise_for_status()
for _ in range(FREE):
    wa.register_phone_number("012345")
tell_error("eleventh attempt", lambda: wa.register_phone_number("012345"))
