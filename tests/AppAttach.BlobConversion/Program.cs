using System.Diagnostics;
using System.Globalization;
using AppAttach.Azure.Blobs;
using AppAttach.Azure.Files;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;
using Azure.Storage.Blobs;

// What an instance of the Functions app does with a package, in a process of its own, so that its memory can be measured:
//   AppAttach.BlobConversion CONNECTION-STRING CONTAINER BLOB
// Verifies the unsigned package in the blob, makes its image in the same container, reads that back and checks it. Prints the peak working set, in bytes.
if (args is not [var connection, var containerName, var blobName])
{
    await Console.Error.WriteLineAsync("AppAttach.BlobConversion CONNECTION-STRING CONTAINER BLOB");
    return 2;
}

var service = new BlobServiceClient(connection);
var container = service.GetBlobContainerClient(containerName);
var blob = (await container.GetBlobClient(blobName).GetPropertiesAsync()).Value;
var drop = new PackageDrop(containerName, blobName, blob.ETag.ToString(), blob.ContentLength);

var (inbox, images, catalog) = (new BlobPackageInbox(service, containerName), new BlobImageStore(container), new BlobCatalog(container));
var gate = new PackageGate(new PackagePolicy { Signature = SignatureMode.Ignore });
var verified = await new VerifyPackageActivity(inbox, catalog, new FileShareRegionalShares([]), gate, TimeProvider.System)
    .RunAsync(new VerifyPackageInput("publish-1", drop), CancellationToken.None);
if (verified.Package is not { } package)
{
    await Console.Error.WriteLineAsync(verified.Rejection?.ToString());
    return 1;
}

var converted = await new ConvertPackageActivity(inbox, images, catalog, gate, new PipelineOptions { Pools = [] }, TimeProvider.System)
    .RunAsync(new ConvertPackageInput("publish-1", drop, package), CancellationToken.None);
if (converted.Image is null)
{
    await Console.Error.WriteLineAsync(converted.Rejection?.ToString());
    return 1;
}

using var process = Process.GetCurrentProcess();
await Console.Out.WriteLineAsync(process.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
return 0;
