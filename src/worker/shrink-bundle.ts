import type { BundleOptions } from '@temporalio/worker';

type Configuration = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/**
 * Makes the workflow bundle less than half as large, and no slower to make: every workflow that is cached holds what the
 * bundle defines. Modules become one scope without what nobody uses, comments and blanks go; names stay, since stacks and
 * failures show them. The source map still leads to the sources.
 */
export function shrinkBundle(configuration: Configuration): Configuration {
  const rules = configuration.module?.rules ?? [];
  const ours = rules.find(isLoaderOfOurs);
  if (!ours) throw new Error('the bundler of @temporalio/worker no longer uses swc-loader for TypeScript');
  const { loader, options } = ours.use;
  const jsc = { ...options.jsc, target: 'es2022', minify: { compress: false, mangle: false } };
  ours.use = { loader, options: { ...options, minify: true, jsc } };
  const theirs = {
    sourceMaps: true,
    minify: true,
    isModule: 'unknown',
    jsc: { ...jsc, parser: { syntax: 'ecmascript' } },
  };
  rules.push({ test: /\.js$/, include: /node_modules/, use: { loader, options: theirs } });
  return {
    ...configuration,
    optimization: {
      concatenateModules: true,
      usedExports: true,
      providedExports: true,
      // Otherwise modules that do nothing when loaded are not preloaded, and every workflow gets its own.
      sideEffects: 'flag',
      innerGraph: true,
    },
  };
}

interface LoaderRule {
  use: { loader: string; options: { jsc: object; minify?: boolean } };
}

function isLoaderOfOurs(rule: unknown): rule is LoaderRule {
  const { use } = rule as { use?: { options?: { jsc?: object } } };
  return use?.options?.jsc !== undefined;
}
