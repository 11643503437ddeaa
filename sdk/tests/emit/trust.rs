//! Images and who signs them, and how providers authenticate.

use planewright::emit::{
    AwsCredentials, ClusterCredentials, Emission, Identity, Images, ProviderConfig, SecretKey, Signer,
};
use serde_json::json;

use crate::platform::{Stall, package, paths, platform, shown, told};

#[test]
fn images_are_pulled_mirrored_and_verified_as_said() {
    let images = Images::below("registry.example.org/acme")
        .pull_secret("registry")
        .mirrored_below("mirror.example.org/acme")
        .signed(Signer::key("release", "cosign", "cosign.pub"))
        .signed(
            Signer::keyless("ci", [Identity::new("https://token.example.org", "https://git.example.org/acme/shops")])
                .attesting("https://slsa.dev/provenance/v1"),
        )
        .signed(Signer::keyless(
            "others",
            [Identity::matching("^https://token[.]example[.]org$", "^.+@example[.]org$")],
        ));
    let emission = platform(&["shop"], package().images(images)).emit().unwrap();
    insta::assert_snapshot!(shown(&emission, "cluster/bootstrap/images-registry-example-org-acme.yaml"), @"
    apiVersion: pkg.crossplane.io/v1beta1
    kind: ImageConfig
    metadata:
      name: registry-example-org-acme
    spec:
      matchImages:
      - type: Prefix
        prefix: registry.example.org/acme/
      - type: Prefix
        prefix: mirror.example.org/acme/
      registry:
        authentication:
          pullSecretRef:
            name: registry
      rewriteImage:
        prefix: mirror.example.org/acme/
      verification:
        provider: Cosign
        cosign:
          authorities:
          - name: release
            key:
              secretRef:
                name: cosign
                key: cosign.pub
              hashAlgorithm: sha256
          - name: ci
            keyless:
              identities:
              - issuer: https://token.example.org
                subject: https://git.example.org/acme/shops
            attestations:
            - name: ci
              predicateType: https://slsa.dev/provenance/v1
          - name: others
            keyless:
              identities:
              - issuerRegExp: ^(?:^https://token[.]example[.]org$)$
                subjectRegExp: ^(?:^.+@example[.]org$)$
    ");
}

#[test]
fn providers_authenticate_as_said_and_no_secret_is_emitted() {
    let secret = || SecretKey::new("crossplane-system", "login", "credentials");
    let package = package()
        .provider_config(ProviderConfig::aws("default", AwsCredentials::Irsa))
        .provider_config(ProviderConfig::aws("pods", AwsCredentials::PodIdentity))
        .provider_config(ProviderConfig::aws(
            "web",
            AwsCredentials::WebIdentity { role_arn: "arn:aws:iam::1:role/x".into() },
        ))
        .provider_config(ProviderConfig::aws("keys", AwsCredentials::Secret(secret())).in_namespace("shops"))
        .provider_config(ProviderConfig::helm("default", ClusterCredentials::Secret(secret())))
        .provider_config(ProviderConfig::kubernetes("default", ClusterCredentials::InjectedIdentity));
    let emission = platform(&["shop"], package).emit().unwrap();
    let configs: Vec<&str> = paths(&emission).into_iter().filter(|path| path.contains("provider-config")).collect();
    assert_eq!(configs.len(), 6, "{configs:?}");
    insta::assert_snapshot!(shown(&emission, "cluster/core/provider-config-aws-m-upbound-io-shops-keys.yaml"), @"
    apiVersion: aws.m.upbound.io/v1beta1
    kind: ProviderConfig
    metadata:
      name: keys
      namespace: shops
      annotations:
        argocd.argoproj.io/sync-options: Prune=false,Delete=confirm
        kustomize.toolkit.fluxcd.io/prune: disabled
    spec:
      credentials:
        source: Secret
        secretRef:
          namespace: crossplane-system
          name: login
          key: credentials
    ");
    let spec = |emission: &Emission, name: &str| {
        emission.object(&format!("cluster/core/provider-config-{name}.yaml")).unwrap()["spec"]["credentials"].clone()
    };
    assert_eq!(spec(&emission, "aws-m-upbound-io-default"), json!({ "source": "IRSA" }));
    assert_eq!(
        spec(&emission, "aws-m-upbound-io-web"),
        json!({ "source": "WebIdentity", "webIdentity": { "roleARN": "arn:aws:iam::1:role/x" } })
    );
    assert_eq!(spec(&emission, "kubernetes-m-crossplane-io-default"), json!({ "source": "InjectedIdentity" }));
    let helm = emission.object("cluster/core/provider-config-helm-m-crossplane-io-default.yaml").unwrap();
    assert_eq!(helm["kind"], "ClusterProviderConfig");
}

#[test]
fn a_provider_runs_as_a_role_however_it_is_installed() {
    let package = package().provider_role("xpkg.example.org/up/provider-aws-ec2", "arn:aws:iam::1:role/ec2");
    let emission = platform(&["shop"], package).emit().unwrap();
    insta::assert_snapshot!(shown(&emission, "cluster/bootstrap/runtime-up-provider-aws-ec2.yaml"), @"
    apiVersion: pkg.crossplane.io/v1beta1
    kind: DeploymentRuntimeConfig
    metadata:
      name: up-provider-aws-ec2
    spec:
      serviceAccountTemplate:
        metadata:
          annotations:
            eks.amazonaws.com/role-arn: arn:aws:iam::1:role/ec2
    ");
    insta::assert_snapshot!(shown(&emission, "cluster/bootstrap/images-runtime-up-provider-aws-ec2.yaml"), @r#"
    apiVersion: pkg.crossplane.io/v1beta1
    kind: ImageConfig
    metadata:
      name: runtime-up-provider-aws-ec2
    spec:
      matchImages:
      - type: Prefix
        prefix: "xpkg.example.org/up/provider-aws-ec2:"
      - type: Prefix
        prefix: xpkg.example.org/up/provider-aws-ec2@
      runtime:
        configRef:
          name: up-provider-aws-ec2
    "#);
}

#[test]
fn what_is_wrong_with_images_and_provider_configs_is_told() {
    let package = package()
        .images(Images::below("registry.example.org").pull_secret("Registry"))
        .images(Images::below("registry.example.org/acme/"))
        .images(
            Images::below("registry.example.org/acme")
                .signed(Signer::key("one", "cosign", ""))
                .signed(Signer::keyless("one", []))
                .signed(Signer::keyless("two", [Identity::new("", "x")]))
                .signed(Signer::keyless("three", [Identity::matching("^a$", "^(b$")]))
                .signed(Signer::keyless("four", [Identity::matching("^a", "^b$")])),
        )
        .provider_role("provider-aws-ec2", "role")
        .stable::<Stall>()
        .provider_config(ProviderConfig::aws("A", AwsCredentials::WebIdentity { role_arn: "x".into() }))
        .provider_config(ProviderConfig::aws("b", AwsCredentials::Irsa))
        .provider_config(ProviderConfig::aws("b", AwsCredentials::PodIdentity))
        .provider_config(
            ProviderConfig::helm("c", ClusterCredentials::Secret(SecretKey::new("", "x", "y"))).in_namespace("d.e"),
        );
    insta::assert_snapshot!(told(platform(&["shop"], package)), @r#"
    error: images below "registry.example.org": "registry.example.org" is no path of a registry: it names no registry
     = help: name it as REGISTRY/ORGANISATION, without a slash at the end
    error: images below "registry.example.org": "Registry" is no name of a Secret
     = help: name one in Crossplane's namespace
    error: images below "registry.example.org/acme/": "registry.example.org/acme/" is no path of a registry: "" cannot be part of a repository's path: lower case letters, digits, and single . _ - between them
     = help: name it as REGISTRY/ORGANISATION, without a slash at the end
    error: images below "registry.example.org/acme/": nothing is said of them
     = help: name a secret, a mirror or a signer, or leave them out
    error: images below "registry.example.org/acme": they are described twice, and Crossplane would choose at random
     = help: say all of them at once
    error: images below "registry.example.org/acme", signer "one": "cosign" with the key "" cannot be a Secret
     = help: name one in Crossplane's namespace, and the key of the public key in it
    error: images below "registry.example.org/acme", signer "one": anybody with a certificate could sign
     = help: name the issuer and subject of each identity
    error: images below "registry.example.org/acme": the signer "one" is named twice
     = help: give each a name of its own
    error: images below "registry.example.org/acme", signer "two": anybody with a certificate could sign
     = help: name the issuer and subject of each identity
    error: images below "registry.example.org/acme", signer "three": "^(b$" is no regular expression: missing closing ): `^(b$`
     = help: write a regular expression of Go, from ^ to $
    error: images below "registry.example.org/acme", signer "four": "^a" matches whatever has such a part
     = help: write a regular expression of Go, from ^ to $
    error: provider config "A": "x" is no ARN of a role
     = help: say what it lacks as its provider documents it
    error: provider config "A": "A" cannot be its name
     = help: use lower case letters, digits, - and .
    error: provider config "b": there are two of this name and kind (aws.m.upbound.io/v1beta1)
     = help: give one of them another name
    error: provider config "c": "y" of the Secret "x" in "" cannot be a key of a Secret
     = help: say what it lacks as its provider documents it
    error: provider config "c": "d.e" is no namespace
     = help: name the namespace of the managed resources that use it, with in_namespace
    error: role of the provider "provider-aws-ec2": it is no repository: it names no registry
     = help: name its package as REGISTRY/ORGANISATION/NAME, without a tag
    error: role of the provider "provider-aws-ec2": "role" is no ARN of a role
     = help: write it as arn:aws:iam::ACCOUNT:role/NAME
    error: package: nothing composes stalls.example.org, which is to be stable
     = help: name the type of a composite resource that the platform composes
    "#);
}

#[test]
fn image_configs_have_names_of_their_own_however_long_the_paths() {
    let (long, longer) =
        (format!("registry.example.org/{}", "a".repeat(50)), format!("registry.example.org/{}", "a".repeat(51)));
    let images = |path: &str| Images::below(path).pull_secret("registry");
    let emission = platform(&["shop"], package().images(images(&long)).images(images(&longer))).emit().unwrap();
    let names: Vec<&str> = emission
        .files
        .iter()
        .filter(|file| file.object["kind"] == "ImageConfig")
        .map(|file| file.object["metadata"]["name"].as_str().unwrap())
        .collect();
    insta::assert_debug_snapshot!(names, @r#"
    [
        "registry-example-org-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b191d916",
        "registry-example-org-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-d29fc31e",
    ]
    "#);
    let same = package().images(images("registry.example.org/acme")).images(images("registry-example.org/acme"));
    insta::assert_snapshot!(told(platform(&["shop"], same)), @r#"
    error: images below "registry-example.org/acme": the ImageConfig of those below "registry.example.org/acme" would have the same name, registry-example-org-acme
     = help: name a longer path for one of them
    "#);
}
