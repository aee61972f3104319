import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { Lookups } from '../../../src/core/promotion/environment.ts';
import type { CasePromotion } from './engine-case.ts';

/** What expressions of a case look up, in memory. */
export interface CaseWorld {
  readonly lookups: Lookups;
  readonly setMetadata: (kind: string, name: string, values: JsonObject) => void;
}

export function openCaseWorld(promotion: CasePromotion): CaseWorld {
  const ofFreight = new Map(Object.entries(promotion.freightMetadata ?? {}));
  const ofStages = new Map(Object.entries(promotion.stageMetadata ?? {}));
  const isKnown = (name: string) => promotion.freight.some((freight) => freight['name'] === name);
  return {
    lookups: {
      secret: (name) => own(promotion.secrets, name),
      sharedSecret: (name) => own(promotion.sharedSecrets, name),
      configMap: (name) => own(promotion.configMaps, name),
      sharedConfigMap: (name) => own(promotion.sharedConfigMaps, name),
      freightMetadata: (name) => ofFreight.get(name),
      freightStatus: (name) => (isKnown(name) ? statusOf(ofFreight.get(name)) : undefined),
      stageMetadata: (name) => ofStages.get(name),
    },
    setMetadata(kind, name, values) {
      const target = kind === 'Freight' ? ofFreight : ofStages;
      target.set(name, { ...target.get(name), ...values });
    },
  };
}

function statusOf(metadata: Json | undefined): JsonObject {
  return metadata === undefined ? {} : { metadata };
}

function own<T>(all: Readonly<Record<string, T>> = {}, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
