import type { Service } from "./billingSide.ts";
import type { Mapping } from "./mapping.ts";
import { isPackage, noPackage, packageLabel } from "./package.ts";
import { findServices } from "./propose.ts";

/** A service that stands for a package from now on; one that is to be made has no ID yet. */
export interface PlannedService {
  readonly package: string;
  readonly service: Service;
  readonly isNew: boolean;
}

/**
 * For each package that has none: the service of its name, or one that is to be made. Where nobody knows the package, or which
 * of two services it is, there is none: a person has to look.
 */
export function planServices(packages: readonly string[], services: readonly Service[]): readonly PlannedService[] {
  return packages.flatMap((name) => {
    const [service, ...others] = findServices(services, name);
    if (name === noPackage || others.length > 0 || !(service ?? isPackage(name))) return [];
    return [{ package: name, service: service ?? { id: `new: ${name}`, name: packageLabel(name) }, isNew: !service }];
  });
}

export function toEntry({ package: name, service }: PlannedService): Mapping["services"][number] {
  return { package: name, service: service.id, name: service.name };
}
