import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import * as v from 'valibot';
import type {Plugin} from 'rolldown';

/*
 * dist/LICENSES.txt and dist/sbom.cdx.json: the licenses of the libraries inside the bundles, and a bill of materials of
 * these and of the optional packages that npm installs with poe.
 */

const Manifest = v.object({name: v.string(), version: v.string(), license: v.optional(v.string())});
const Dependencies = v.optional(v.record(v.string(), v.string()), {});
const LockFile = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string(), ''),
      license: v.optional(v.string()),
      integrity: v.optional(v.string()),
      dependencies: Dependencies,
      optionalDependencies: Dependencies,
    }),
  ),
});
type Packages = v.InferOutput<typeof LockFile>['packages'];

/** The folders of all bundled libraries. The configurations of one build share it. */
const libraries = new Set<string>();

/** Adds a bundle's libraries to both files. */
export function writeNotices(): Plugin {
  return {
    name: 'write-notices',
    writeBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const modules = file.type === 'chunk' ? file.moduleIds : [];
        for (const id of modules) {
          const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/'))?.[0];
          if (folder !== undefined) libraries.add(folder);
        }
      }
      const folders = [...libraries].toSorted();
      writeFileSync('dist/LICENSES.txt', folders.map(licenseNotice).join(`\n${'-'.repeat(72)}\n\n`));
      writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(billOfMaterials(folders), undefined, 2)}\n`);
    },
  };
}

function licenseNotice(folder: string): string {
  const {name, version, license} = readManifest(folder);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : 'The package has no license file.';
  return `${name} ${version} (${license ?? 'see below'})\n\n${text}\n`;
}

/** CycloneDX 1.6. It has no timestamp and no serial number, so that equal builds are equal byte for byte. */
function billOfMaterials(folders: string[]): object {
  const {packages} = v.parse(LockFile, JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const poe = component('application', readManifest('.'));
  const components = folders.map((folder) => ({
    ...component('library', readManifest(folder)),
    hashes: hashes(packages[relative('.', folder).replaceAll('\\', '/')]?.integrity),
  }));
  const optional = optionalPackages(packages);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {component: poe},
    components: [...components, ...optional],
    dependencies: [{ref: poe['bom-ref'], dependsOn: [...components, ...optional].map((each) => each['bom-ref'])}],
  };
}

/** What npm installs with poe on any platform: the optional dependencies with all of theirs. */
function optionalPackages(packages: Packages) {
  const paths = new Set<string>();
  const add = (name: string, parent: string) => {
    const nested = `${parent}/node_modules/${name}`;
    const path = nested in packages ? nested : `node_modules/${name}`;
    const entry = packages[path];
    if (!entry || paths.has(path)) return;
    paths.add(path);
    for (const next of Object.keys({...entry.dependencies, ...entry.optionalDependencies})) add(next, path);
  };
  for (const name of Object.keys(packages['']?.optionalDependencies ?? {})) add(name, '');
  return [...paths].toSorted().map((path) => {
    const {version = '', license, integrity} = packages[path] ?? {};
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return Object.assign(component('library', {name, version, license}), {
      scope: 'optional',
      hashes: hashes(integrity),
    });
  });
}

function component(type: 'application' | 'library', {name, version, license}: v.InferOutput<typeof Manifest>) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const [scope, base] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return {type, 'bom-ref': purl, group: scope, name: base, version, licenses: licenses(license), purl};
}

function licenses(license: string | undefined): object[] {
  if (license === undefined) return [];
  return /^[\w.+-]+$/.test(license) ? [{license: {id: license}}] : [{expression: license}];
}

/** The lock file's integrity value is base64; CycloneDX wants hexadecimal digits. */
function hashes(integrity: string | undefined): object[] {
  const [, digest] = /^sha512-(.+)$/.exec(integrity ?? '') ?? [];
  return digest === undefined ? [] : [{alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex')}];
}

function readManifest(folder: string): v.InferOutput<typeof Manifest> {
  return v.parse(Manifest, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}
