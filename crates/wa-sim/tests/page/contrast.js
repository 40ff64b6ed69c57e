// Every text that is seen and its contrast with what it stands on, where that is less than WCAG's level AA asks for.
const channels = (text) => text.match(/[\d.]+/g).map(Number);
const luminance = ([red, green, blue]) => {
  const [r, g, b] = [red, green, blue].map((one) => {
    const share = one / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (node) => {
  for (let one = node; one; one = one.parentElement) {
    const colour = channels(getComputedStyle(one).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
let count = 0;
for (const node of document.querySelectorAll("body *")) {
  const text = [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data.trim()).join(" ").trim();
  if (!text || !node.checkVisibility() || node.closest(":disabled, .hidden, option")) continue;
  const style = getComputedStyle(node);
  const colour = channels(node instanceof SVGElement ? style.fill : style.color);
  const lights = [luminance(colour), luminance(ground(node))].sort((one, other) => other - one);
  const contrast = (lights[0] + 0.05) / (lights[1] + 0.05);
  count += 1;
  if (contrast < 4.5) poor.push(`${text.slice(0, 30)} ${contrast.toFixed(2)} ${style.color}`);
}
return { poor, count };
