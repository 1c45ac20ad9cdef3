// A screenshot made small for the repository: a page has few colours, so 256 of them, packed well, look the same at a quarter of the size.
import { crc32 as zlibCrc, deflateSync, inflateSync } from "node:zlib";

const crcOf = zlibCrc ?? ((bytes) => {
  let crc = ~0;
  for (const byte of bytes) { crc ^= byte; for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1)); }
  return ~crc >>> 0;
});

const chunks = (png) => {
  const found = [];
  for (let at = 8; at < png.length;) { const size = png.readUInt32BE(at); found.push([png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + size)]); at += size + 12; }
  return found;
};

const chunk = (name, data) => {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]), frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crcOf(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
};

// Rows as the five filters of PNG left them, back to plain bytes.
const unfilter = (raw, width, height, size) => {
  const row = width * size, out = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const kind = raw[y * (row + 1)];
    for (let x = 0; x < row; x++) {
      const left = x >= size ? out[y * row + x - size] : 0, up = y ? out[(y - 1) * row + x] : 0, corner = y && x >= size ? out[(y - 1) * row + x - size] : 0;
      const guess = left + up - corner, near = [left, up, corner].reduce((best, one) => (Math.abs(guess - one) < Math.abs(guess - best) ? one : best));
      out[y * row + x] = raw[y * (row + 1) + 1 + x] + [0, left, up, (left + up) >> 1, near][kind];
    }
  }
  return out;
};

// At most `tallest` rows of it.
export const small = (png, tallest) => {
  const parts = chunks(png), [, head] = parts[0];
  const [width, height, size] = [head.readUInt32BE(0), Math.min(tallest, head.readUInt32BE(4)), head[9] === 6 ? 4 : 3];
  const pixels = unfilter(inflateSync(Buffer.concat(parts.filter(([name]) => name === "IDAT").map(([, data]) => data))), width, height, size);
  const colour = (i) => (pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2];
  const counts = new Map();
  for (let i = 0; i < pixels.length; i += size) counts.set(colour(i), (counts.get(colour(i)) ?? 0) + 1);
  // A few green pixels say more than many greys between black and white.
  const vivid = (one) => Math.max(one >> 16, (one >> 8) & 255, one & 255) - Math.min(one >> 16, (one >> 8) & 255, one & 255);
  const palette = [...counts].sort((a, b) => b[1] * (1 + vivid(b[0]) / 4) - a[1] * (1 + vivid(a[0]) / 4)).slice(0, 256).map(([one]) => one);
  const far = (a, b) => (((a >> 16) - (b >> 16)) ** 2) + ((((a >> 8) & 255) - ((b >> 8) & 255)) ** 2) + (((a & 255) - (b & 255)) ** 2);
  const index = new Map(palette.map((one, i) => [one, i]));
  for (const one of counts.keys()) if (!index.has(one)) index.set(one, palette.reduce((best, other, i) => (far(one, other) < far(one, palette[best]) ? i : best), 0));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = index.get(colour((y * width + x) * size));
  const newHead = Buffer.from(head);
  newHead.writeUInt32BE(height, 4);
  newHead.set([8, 3], 8);
  const colours = Buffer.from(palette.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]));
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", newHead), chunk("PLTE", colours), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
};
