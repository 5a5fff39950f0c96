// How each strategy looks: a colour and a shape, everywhere the same.

const COLOURS = 8;

function polygon(corners, turn = 0) {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners + turn - Math.PI / 2;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

const CROSS = [[-0.4, -1], [0.4, -1], [0.4, -0.4], [1, -0.4], [1, 0.4], [0.4, 0.4], [0.4, 1], [-0.4, 1], [-0.4, 0.4], [-1, 0.4], [-1, -0.4], [-0.4, -0.4]];
const STAR = polygon(10).map(([x, y], i) => (i % 2 ? [x * 0.5, y * 0.5] : [x * 1.15, y * 1.15]));

// Corners around (0, 0), of about the same area. Nine of them beside eight colours: 72 looks before one comes twice.
const SHAPES = [
  polygon(24),
  polygon(4, Math.PI / 4).map(([x, y]) => [x * 1.25, y * 1.25]),
  polygon(3).map(([x, y]) => [x * 1.3, y * 1.3 + 0.15]),
  polygon(4).map(([x, y]) => [x * 1.2, y * 1.2]),
  polygon(3, Math.PI).map(([x, y]) => [x * 1.3, y * 1.3 - 0.15]),
  CROSS,
  STAR,
  polygon(6),
  CROSS.map(([x, y]) => [(x - y) * 0.75, (x + y) * 0.75]),
];

function styleOf(index) {
  return { colour: `--s${index % COLOURS}`, shape: SHAPES[index % SHAPES.length] };
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function swatch(style) {
  const points = style.shape.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ");
  return svg(
    "svg",
    { class: "swatch", viewBox: "-1.2 -1.2 2.4 2.4", "aria-hidden": "true" },
    svg("polygon", { points, style: `fill: var(${style.colour})` }),
  );
}

function drawShape(context, style, x, y, radius) {
  context.beginPath();
  style.shape.forEach(([dx, dy], i) => context[i ? "lineTo" : "moveTo"](x + dx * radius, y + dy * radius));
  context.closePath();
  context.fillStyle = colour(style.colour);
  context.strokeStyle = colour("--card");
  context.lineWidth = radius / 3.5;
  context.stroke();
  context.fill();
}
