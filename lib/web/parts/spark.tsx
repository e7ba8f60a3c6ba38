const WIDTH = 120;
const HEIGHT = 28;

/** A line of figures in the order of time, without axes: its shape only. */
export function Spark({ series }: { series: readonly (number | null)[] }) {
  const known = series.filter((one): one is number => one !== null);
  if (known.length < 2) return null;
  const least = Math.min(0, ...known);
  const most = Math.max(...known);
  const x = (index: number) => (index / (series.length - 1)) * (WIDTH - 4) + 2;
  const y = (value: number) => HEIGHT - 3 - ((value - least) / (most - least || 1)) * (HEIGHT - 6);
  const points = series.flatMap((value, index) =>
    value === null ? [] : [`${x(index).toFixed(1)},${y(value).toFixed(1)}`],
  );
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  );
}
