// The life of a number as a drawing: a line of five states, and beneath it those that lie beside the way.
// Places are shares of the width, so that the drawing fits a phone without shrinking its text.

const WAY = ["unverified", "code_sent", "verified", "name_in_review", "registered"];
const BESIDE = [["banned", 0], ["locked", 1], ["expired", 2], ["deregistered", 4]];
const [LINE, ASIDE] = [34, 96];

function machine() {
  const x = (place) => `${10 + place * 20}%`;
  const nodes = new Map();
  const drawing = draw("svg", { class: "machine", width: "100%", height: "134", role: "img" });
  const edge = (attributes) => drawing.append(draw("line", { class: "edge", "marker-end": "url(#arrow)", ...attributes }));
  for (let place = 0; place < WAY.length - 1; place += 1) {
    edge({ x1: `${12.6 + place * 20}%`, x2: `${27.4 + place * 20}%`, y1: LINE, y2: LINE });
  }
  // Most names are approved at once, and the way goes past their review.
  drawing.append(draw("svg", { x: "50%", y: 6, width: "40%", height: 16, viewBox: "0 0 100 16", preserveAspectRatio: "none" },
    draw("path", { class: "edge aside bypass", d: "M3 16C12 -3 88 -3 97 16" })));
  edge({ x1: x(2), x2: x(2), y1: LINE + 31, y2: ASIDE - 11, class: "edge aside" });
  edge({ x1: x(4), x2: x(4), y1: LINE + 31, y2: ASIDE - 11, class: "edge aside", "marker-start": "url(#arrow)" });
  const state = (name, label, place, y, isAside) => {
    const group = draw("g", { class: isAside ? "state aside" : "state" });
    group.append(
      draw("circle", { class: "halo", cx: x(place), cy: y, r: 13 }),
      draw("circle", { class: "dot", cx: x(place), cy: y, r: 7 }),
      draw("text", { x: x(place), y: y + 25 }, ...label),
    );
    nodes.set(name, group);
    drawing.append(group);
  };
  WAY.forEach((name, place) => state(name, labelOf(name), place, LINE, false));
  BESIDE.forEach(([name, place]) => state(name, [name], place, ASIDE, true));
  return {
    node: drawing,
    update(number) {
      const reached = WAY.indexOf(standing(number));
      for (const [place, name] of WAY.entries()) {
        // The optional stop is passed only by those that are in it.
        const isPast = place < reached && name !== "name_in_review";
        const is = name === number.phase ? "here" : place === reached ? "under" : isPast ? "past" : "open";
        mark(nodes.get(name), "data-is", is);
      }
      for (const [name] of BESIDE) mark(nodes.get(name), "data-is", name === number.phase ? "here" : "open");
      mark(drawing, "aria-label", `The number is ${wordOf(number.phase)}. The way: ${WAY.map(wordOf).join(", ")}.`);
    },
  };
}

// Where on the way a number stands whose present state lies beside it.
function standing(number) {
  if (WAY.includes(number.phase)) return number.phase;
  if (number.registered) return "registered";
  if (number.verification === "VERIFIED") return "verified";
  return number.sent_code ? "code_sent" : "unverified";
}

// A phone has no room for the first word.
function labelOf(name) {
  return name === "name_in_review" ? [draw("tspan", { class: "wide" }, "name "), "in review"] : [wordOf(name)];
}
