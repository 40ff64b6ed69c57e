// What the scripts for Node share: the simulator's control, what people send, and the lines of JSON.

const { WA_APP: APP, WA_PEOPLE: PEOPLE, WA_FILES: FILES } = process.env;
export const { WA_BASE: BASE, WA_NUMBER: NUMBER } = process.env;
export const PERSON = "16505551234";
export const LINK = "https://example.com/file";
export const file = (name) => Buffer.from(JSON.parse(FILES)[name], "base64");

export const tell = (row, found) => console.log(JSON.stringify({ row, ...found }));

/** Tells what came of a call: the id of a message, success, an error of the service, or one of the client. */
export async function attempt(row, work) {
  try {
    const answer = await work();
    const error = answer.error;
    const id = answer.messages?.[0]?.id ?? answer.id;
    if (error) tell(row, { code: error.code, details: error.error_data?.details ?? error.message });
    else tell(row, id ? { id } : { result: answer === true || answer.success === true });
    return answer;
  } catch (error) {
    const details = error.details ?? error.raw?.error?.error_data?.details ?? error.message;
    tell(row, error.code && error.httpStatus ? { code: error.code, details } : { error: `${error.name}: ${error.message}` });
  }
}

async function sim(path, body, method = "POST") {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${BASE}/_sim/${path}`, { method, headers, body: body && JSON.stringify(body) });
  return { isRight: response.ok, answer: await response.json() };
}
const write = async (text) => (await sim("control", { receive_text: { number: NUMBER, from: PERSON, text } })).answer;

/** Lets people send messages of every kind to the client's callback; gives what the rest of the script needs. */
export async function receive(serve, greet) {
  const arrived = [];
  const waiting = [];
  const heard = (one) => (waiting.length ? waiting.shift()(one) : arrived.push(one));
  const next = () => {
    if (arrived.length) return arrived.shift();
    return new Promise((resolve) => {
      const take = (one) => { clearTimeout(timer); resolve(one); };
      const timer = setTimeout(() => { waiting.splice(waiting.indexOf(take), 1); resolve(undefined); }, 5000);
      waiting.push(take);
    });
  };
  const missing = { error: "no handler was called" };
  const server = await serve(heard);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const subscribe = (verify_token) => sim(`apps/${APP}/callback`,
    { url: `http://127.0.0.1:${server.address().port}/`, verify_token }, "PUT");
  tell("another verify token is refused", { result: !(await subscribe("another")).isRight });
  tell("handshake", { result: (await subscribe("verify-me")).isRight });
  for (const { row, message } of JSON.parse(PEOPLE)) {
    const { answer } = await sim("control", { receive_message: { number: NUMBER, from: PERSON, message } });
    tell(row, { ...((await next()) ?? missing), sent: answer.message });
  }
  const first = (await greet()).messages[0].id;
  const listen = async () => {
    const { message } = await write("Hello?");
    await next();
    return message;
  };
  const finish = async (part) => {
    const last = await part();
    await sim("clock", { advance: "2m" });
    await sim("control", { set_status: { number: NUMBER, message: first, status: "failed", error: 131026 } });
    const wanted = new Map([["sent", last], ["delivered", last], ["read", last], ["failed", first]]);
    for (let one = await next(); one; one = wanted.size ? await next() : undefined) {
      if (!one.status || wanted.get(one.status) !== one.id) continue;
      wanted.delete(one.status);
      tell(`status ${one.status}`, { id: one.id });
    }
    for (const status of wanted.keys()) tell(`status ${status}`, missing);
    const { deliveries: [delivery] } = await write("Bye");
    await next();
    await sim(`webhooks/${delivery}/tamper`);
    tell("a changed webhook is refused", { result: (await next())?.refused !== undefined });
    server.close();
    server.closeAllConnections();
  };
  return { first, listen, finish };
}
