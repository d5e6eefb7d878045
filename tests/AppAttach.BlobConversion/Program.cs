using System.Diagnostics;
using System.Globalization;
using AppAttach.Azure.Blobs;
using AppAttach.BlobConversion;
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

var inbox = new BlobPackageInbox(service, containerName);
var converted = await Conversion.RunAsync(drop, inbox, inbox, new BlobImageStore(container), new BlobCatalog(container));
if (converted.Image is null)
{
    await Console.Error.WriteLineAsync(converted.Rejection?.ToString());
    return 1;
}

using var process = Process.GetCurrentProcess();
await Console.Out.WriteLineAsync(process.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
return 0;
