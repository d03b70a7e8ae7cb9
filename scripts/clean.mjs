// Removes what a package's build writes; run inside the package.
import { rmSync } from 'node:fs';

for (const folder of ['dist', 'build', 'src/generated', '.turbo']) rmSync(folder, { recursive: true, force: true });
