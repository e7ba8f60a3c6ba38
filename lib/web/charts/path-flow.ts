import { type SankeyGraph, type SankeyLink, type SankeyNode, sankey, sankeyLinkHorizontal } from 'd3-sankey';
import { COLOUR, FONT_SIZE, type Frame, textWidth } from './frame.ts';

/** Journeys that went from one place to another: a channel at a step, or an end. */
export interface FlowLink {
  from: string;
  to: string;
  value: number;
  tip: string;
}
export interface FlowNode {
  id: string;
  name: string;
  /** Ends are drawn apart from channels: bought, not bought, went on. */
  kind: 'channel' | 'bought' | 'lost' | 'later';
  /** Which column it stands in, from 0; its links need not say so, since rare ones may be withheld. */
  layer: number;
  tip: string;
  /** The figure as text, beside the name. */
  end: string;
}

type Node = SankeyNode<FlowNode, FlowLink>;
type Link = SankeyLink<FlowNode, FlowLink>;

const SVG = 'http://www.w3.org/2000/svg';
const NODE_WIDTH = 12;
const FILL = { channel: COLOUR.muted, bought: COLOUR.third, lost: COLOUR.other, later: COLOUR.faint };

/**
 * Sankey diagram (d3-sankey) of what came after what. Narrower than its names allow it does not get: its place scrolls.
 * @param headings what stands above each layer of nodes, from the left
 * @param name what the place that scrolls is called
 */
export function pathFlow(
  frame: Frame,
  nodes: readonly FlowNode[],
  links: readonly FlowLink[],
  headings: readonly string[],
  name: string,
): HTMLElement {
  const place = document.createElement('div');
  place.className = 'scroll-x';
  place.tabIndex = 0;
  place.setAttribute('role', 'group');
  place.setAttribute('aria-label', name);
  place.append(drawnFlow(frame, nodes, links, headings));
  return place;
}

function drawnFlow(
  frame: Frame,
  nodes: readonly FlowNode[],
  links: readonly FlowLink[],
  headings: readonly string[],
): SVGSVGElement {
  const layers = Math.max(1, headings.length);
  const width = Math.max(frame.width, layers * 132);
  const height = Math.min(620, Math.max(300, nodes.length * 17));
  const right = Math.max(
    0,
    ...nodes
      .filter(({ kind }) => kind !== 'channel')
      .map(nodeLabel)
      .map((s) => textWidth(s)),
  );
  const graph = layoutOf(nodes, links, [
    [1, 30],
    [width - Math.min(right, 190) - 14, height - 8],
  ]);
  const svg = element('svg', {
    class: 'plot is-wide',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    'font-size': FONT_SIZE,
    fill: COLOUR.text,
  }) as SVGSVGElement;
  const path = sankeyLinkHorizontal();
  for (const link of [...graph.links].sort((a, b) => b.value - a.value)) {
    const target = link.target as Node;
    svg.append(
      tipped(
        element('path', {
          d: path(link as never) ?? '',
          fill: 'none',
          stroke: target.kind === 'channel' || target.kind === 'later' ? COLOUR.main : FILL[target.kind],
          'stroke-opacity': 0.32,
          'stroke-width': Math.max(1, link.width ?? 1),
        }),
        link.tip,
      ),
    );
  }
  const columns = [...new Set(graph.nodes.map((node) => Math.round(node.x0!)))].sort((a, b) => a - b);
  headings.forEach((heading, layer) => {
    const x = columns[layer];
    if (x !== undefined) svg.append(label(heading, x, 14, COLOUR.quiet, 600));
  });
  for (const node of graph.nodes) drawNode(svg, node);
  return svg;
}

function drawNode(svg: SVGSVGElement, node: Node) {
  const high = Math.max(1, node.y1! - node.y0!);
  svg.append(
    tipped(
      element('rect', {
        x: node.x0!,
        y: node.y0!,
        width: NODE_WIDTH,
        height: high,
        rx: 1,
        fill: FILL[node.kind],
        stroke: COLOUR.ground,
      }),
      node.tip,
    ),
  );
  if (high < FONT_SIZE - 3) return;
  const text = label(nodeLabel(node), node.x0! + NODE_WIDTH + 5, (node.y0! + node.y1!) / 2, COLOUR.text, 400);
  text.setAttribute('dominant-baseline', 'central');
  svg.append(text);
}

const nodeLabel = ({ name, end }: FlowNode) => `${name} ${end}`;

function layoutOf(
  nodes: readonly FlowNode[],
  links: readonly FlowLink[],
  extent: [[number, number], [number, number]],
) {
  const graph: SankeyGraph<FlowNode, FlowLink> = {
    nodes: nodes.map((node) => ({ ...node })),
    links: links.map(({ from, to, ...link }) => ({ ...link, from, to, source: from, target: to })),
  };
  return sankey<FlowNode, FlowLink>()
    .nodeId(({ id }) => id)
    .nodeWidth(NODE_WIDTH)
    .nodePadding(12)
    .nodeAlign(({ layer }) => layer)
    .extent(extent)(graph) as { nodes: Node[]; links: Link[] };
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const it = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, String(value));
  return it;
}

/** With what is told on hover. */
function tipped(it: SVGElement, tip: string): SVGElement {
  const title = element('title', {});
  title.textContent = tip;
  it.append(title);
  return it;
}

function label(text: string, x: number, y: number, fill: string, weight: number): SVGElement {
  const it = element('text', {
    x,
    y,
    fill,
    'font-weight': weight,
    stroke: COLOUR.ground,
    'stroke-width': 3,
    'paint-order': 'stroke',
    'stroke-linejoin': 'round',
  });
  it.textContent = text;
  return it;
}
