const COLOURS = ['var(--s1)', 'var(--s5)', 'var(--s8)', 'var(--s3)', 'var(--s4)'];
const HEIGHT = 28;
const LINE = 18;
/** Room that a name and its figure need below the bar. */
const LEAST_WIDTH = 150;

/** Parts of a whole as one bar, each named below its beginning; names of narrow parts stand in lines of their own. */
export function StackedBar({
  width,
  parts,
  write,
}: {
  width: number;
  parts: readonly { name: string; value: number }[];
  write: (value: number, share: number) => string;
}) {
  const shown = parts.filter(({ value }) => value > 0);
  const whole = shown.reduce((sum, { value }) => sum + value, 0) || 1;
  let left = 0;
  const placed = shown.map((part, index) => {
    const from = left;
    left += (part.value / whole) * width;
    return { ...part, from, to: left, colour: COLOURS[index % COLOURS.length]! };
  });
  const isListed = placed.some(({ from, to }) => to - from < LEAST_WIDTH);
  const height = HEIGHT + 10 + (isListed ? placed.length * LINE * 1.2 : 2 * LINE);
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the chart around it gives it role and name
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} class="stacked">
      {placed.map(({ name, value, from, to, colour }, index) => (
        <g key={name}>
          <rect x={from} y={0} width={Math.max(0, to - from - 2)} height={HEIGHT} fill={colour} rx={2}>
            <title>{`${name}: ${write(value, value / whole)}`}</title>
          </rect>
          {isListed ? (
            <g transform={`translate(0 ${HEIGHT + 20 + index * LINE * 1.2})`}>
              <rect y={-9} width={10} height={10} fill={colour} rx={2} />
              <text x={16}>{`${name}  ${write(value, value / whole)}`}</text>
            </g>
          ) : (
            <>
              <text x={from} y={HEIGHT + LINE} class="name">
                {name}
              </text>
              <text x={from} y={HEIGHT + 2 * LINE} class="quiet">
                {write(value, value / whole)}
              </text>
            </>
          )}
        </g>
      ))}
    </svg>
  );
}
