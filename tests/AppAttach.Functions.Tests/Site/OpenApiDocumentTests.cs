namespace AppAttach.Functions.Tests.Site;

/// <summary>The API's description as a validator of the OpenAPI specification's own schema sees it.</summary>
public sealed class OpenApiDocumentTests
{
    private const string Validate = """
        import { readFileSync } from 'node:fs';
        const { Validator } = await import(process.argv[1]);
        const result = await new Validator().validate(JSON.parse(readFileSync(process.argv[2], 'utf8')));
        console.log(result.valid ? 'valid' : JSON.stringify(result.errors));
        """;

    [Fact]
    public async Task Description_IsOneOfOpenApi()
    {
        Judge.Require("node");
        var validator = Repository.PathOf("tests", "node_modules", "@seriousme", "openapi-schema-validator", "index.js");
        if (!File.Exists(validator))
        {
            Judge.Missing("The validator of OpenAPI documents is not installed: npm install --prefix tests --no-package-lock");
        }

        var said = await Judge.PassAsync(
            "node", "--input-type=module", "-e", Validate, new Uri(validator).AbsoluteUri, Repository.PathOf("src", "AppAttach.Api", "openapi.json"));

        Assert.Equal("valid", said.Trim());
    }
}
