/** Kinds of open-source Kargo: one that is not built yet is no decision. */
export const kargoKinds: ReadonlySet<string> = new Set(
  (
    'argocd-update argocd-wait compose-output copy delete fail file-write git-clear git-clone git-commit git-merge-pr git-open-pr git-push git-tag git-wait-for-pr github-push helm-template helm-update-chart ' +
    'http http-download json-parse json-update kustomize-build kustomize-set-image oci-download oci-push set-freight-alias set-metadata tar toml-parse toml-update untar yaml-merge yaml-parse yaml-update'
  ).split(' '),
);
