/**
 * Identifiers that an analytics rule may map for each entity type. Sources: Microsoft Learn, "Microsoft Sentinel entity types
 * reference"; the repository's tests of detections, which refuse all others.
 */
export const entityIdentifiers: Readonly<Record<string, readonly string[]>> = {
  Account: words(
    'Name FullName NTDomain DnsDomain UPNSuffix Sid AadTenantId AadUserId PUID IsDomainJoined DisplayName ObjectGuid',
  ),
  AzureResource: words('ResourceId'),
  CloudApplication: words('AppId Name InstanceName'),
  DNS: words('DomainName'),
  File: words('Directory Name'),
  FileHash: words('Algorithm Value'),
  Host: words('DnsDomain NTDomain HostName FullName NetBiosName AzureID OMSAgentID OSFamily OSVersion IsDomainJoined'),
  IoTDevice: words(
    'DeviceId DeviceName Manufacturer Model FirmwareVersion OperatingSystem MacAddress Protocols SerialNumber Source IoTSecurityAgentId DeviceType',
  ),
  IP: words('Address'),
  Mailbox: words('MailboxPrimaryAddress DisplayName Upn ExternalDirectoryObjectId RiskLevel'),
  MailCluster: words(
    'NetworkMessageIds CountByDeliveryStatus CountByThreatType CountByProtectionStatus Threats Query QueryTime MailCount IsVolumeAnomaly Source ClusterSourceIdentifier ClusterSourceType ClusterQueryStartTime ClusterQueryEndTime ClusterGroup',
  ),
  MailMessage: words(
    'Recipient Urls Threats Sender P1Sender P1SenderDisplayName P1SenderDomain SenderIP P2Sender P2SenderDisplayName P2SenderDomain ReceivedDate NetworkMessageId InternetMessageId Subject BodyFingerprintBin1 BodyFingerprintBin2 BodyFingerprintBin3 BodyFingerprintBin4 BodyFingerprintBin5 AntispamDirection DeliveryAction DeliveryLocation Language ThreatDetectionMethods',
  ),
  Malware: words('Name Category'),
  Process: words('ProcessId CommandLine ElevationToken CreationTimeUtc'),
  RegistryKey: words('Hive Key'),
  RegistryValue: words('Name Value ValueType'),
  SecurityGroup: words('DistinguishedName SID ObjectGuid'),
  SubmissionMail: words(
    'NetworkMessageId Timestamp Recipient Sender SenderIp Subject ReportType SubmissionId SubmissionDate Submitter',
  ),
  URL: words('Url'),
};

function words(list: string): readonly string[] {
  return list.split(' ');
}
